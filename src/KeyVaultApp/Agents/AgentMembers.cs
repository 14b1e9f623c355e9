using FluentValidation;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.Agents;

/// <summary>
/// What a form says of an agent. An omitted external id or reference is cleared; an omitted, blank or masked old key is
/// left as it is. Old keys are taken in phase direct_keys only.
/// </summary>
public abstract record AgentMembers
{
    public string? Name { get; init; }
    public string? ExternalId { get; init; }
    public Guid? SelectedTtsKeyId { get; init; }
    public Guid? SelectedSttKeyId { get; init; }
    public Guid? SelectedElevenlabsKeyId { get; init; }
    public Secret? TtsKey { get; init; }
    public Secret? SttKey { get; init; }
    public Secret? ElevenlabsKey { get; init; }

    internal Guid? Reference(KeyKind kind) => kind switch
    {
        KeyKind.Tts => SelectedTtsKeyId,
        KeyKind.Stt => SelectedSttKeyId,
        _ => SelectedElevenlabsKeyId,
    };

    /// <summary>A key that was typed in, and not merely sent back.</summary>
    internal Secret? NewLegacyKey(KeyKind kind)
    {
        var value = kind switch
        {
            KeyKind.Tts => TtsKey,
            KeyKind.Stt => SttKey,
            _ => ElevenlabsKey,
        };
        return value is null or { IsBlank: true } or { IsMask: true } ? null : value;
    }

    internal static string ReferenceField(KeyKind kind) => $"selected_{kind.Word()}_key_id";

    internal static string LegacyField(KeyKind kind) => $"{kind.Word()}_key";

    internal class Validator<T> : AbstractValidator<T> where T : AgentMembers
    {
        public Validator()
        {
            RuleFor(form => form.Name).IsName(Agent.NameMaxLength);
            RuleFor(form => form.ExternalId).IsText(Agent.ExternalIdMaxLength);
            RuleFor(form => form.TtsKey).Must(BeStorable).WithMessage(NotStorable);
            RuleFor(form => form.SttKey).Must(BeStorable).WithMessage(NotStorable);
            RuleFor(form => form.ElevenlabsKey).Must(BeStorable).WithMessage(NotStorable);
        }

        private static readonly string NotStorable = $"{{PropertyName}} is longer than {KeyResource.ValueMaxLength} characters or has characters that cannot be shown.";

        private static bool BeStorable(Secret? value) => value is null || (value.Length <= KeyResource.ValueMaxLength && value.IsPrintable);
    }
}
