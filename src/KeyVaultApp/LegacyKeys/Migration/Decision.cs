using System.Text.RegularExpressions;
using FluentValidation;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>What to do with one legacy key.</summary>
/// <param name="Fingerprint">Whole, as an item of the plan has it.</param>
/// <param name="WorkspaceId">Decides for this workspace alone; null for every workspace of the plan that holds the key.</param>
/// <param name="KeyId">The KeyResource to link to.</param>
/// <param name="Name">Of the KeyResource to make; null takes the one that is proposed.</param>
public sealed record Decision(KeyKind? Kind, string? Fingerprint, Guid? WorkspaceId, PlanAction? Action, Guid? KeyId, string? Name);

internal sealed partial class DecisionValidator : AbstractValidator<Decision>
{
    public DecisionValidator()
    {
        RuleFor(decision => decision.Kind).NotNull().WithMessage("kind is missing: tts, stt or elevenlabs.");
        RuleFor(decision => decision.Fingerprint).Must(text => text is not null && Fingerprint().IsMatch(text)).WithMessage("fingerprint is 64 hex digits, as an item of the plan has it.");
        RuleFor(decision => decision.Action).NotNull().WithMessage("action is missing: link, create or leave.");
        RuleFor(decision => decision.KeyId).NotNull().When(decision => decision.Action == PlanAction.Link).WithMessage("key_id is missing: name the key to link to.");
        RuleFor(decision => decision.KeyId).Null().When(decision => decision.Action is PlanAction.Create or PlanAction.Leave).WithMessage("key_id belongs to the action link.");
        RuleFor(decision => decision.Name).IsName(KeyResource.NameMaxLength).When(decision => decision is { Action: PlanAction.Create, Name: not null });
        RuleFor(decision => decision.Name).Null().When(decision => decision.Action is PlanAction.Link or PlanAction.Leave).WithMessage("name belongs to the action create.");
    }

    [GeneratedRegex("^[0-9a-f]{64}\\z", RegexOptions.None, matchTimeoutMilliseconds: 100)]
    private static partial Regex Fingerprint();
}
