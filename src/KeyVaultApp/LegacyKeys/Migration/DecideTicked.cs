using System.Globalization;
using System.Text.RegularExpressions;
using FluentValidation;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Takes the same decision about several items: those that are ticked in the list.</summary>
public sealed partial class DecideTicked(KeyVaultDb db, DecidePlan decide)
{
    /// <summary>As many as one page of the list can show: that is what people tick.</summary>
    private const int MostItems = 200;

    public sealed record Form(IReadOnlyList<int>? Numbers, PlanAction? Action, string? PlanHash);

    private sealed class Validator : AbstractValidator<Form>
    {
        public Validator()
        {
            RuleFor(form => form.Numbers)
                .Must(numbers => numbers is { Count: > 0 }).WithMessage("Tick at least one key.")
                .Must(numbers => numbers!.Count <= MostItems).WithMessage($"{{PropertyName}} has more than {MostItems} entries.");
            RuleFor(form => form.Action).Must(action => action is PlanAction.Create or PlanAction.Leave).WithMessage("Several keys can be created or left; linking is decided key by key.");
        }
    }

    private static readonly Validator Rules = new();

    /// <returns>How many items were decided about.</returns>
    public async Task<int> RunAsync(Guid id, Form form, Actor actor, CancellationToken ct)
    {
        Rules.Check(form);
        var numbers = form.Numbers!.Distinct().ToArray();
        var items = await db.PlanGroups.AsNoTracking().Where(group => group.PlanId == id && EF.Parameter(numbers).Contains(group.Number)).OrderBy(group => group.Number).ToListAsync(ct);
        if (items.Count < numbers.Length) throw Refusal.NotFound("item");
        var decisions = items.ConvertAll(item => new Decision(item.Kind, item.Fingerprint, item.WorkspaceId, form.Action, null, null));
        try
        {
            await decide.RunAsync(id, new DecidePlan.Form(decisions, form.PlanHash), actor, ct);
            return items.Count;
        }
        catch (Refusal refusal) when (refusal.Errors.Count > 0)
        {
            throw new Refusal(refusal.Kind, refusal.Code, string.Join(' ', refusal.Errors.Select(error => $"{Named(error.Key, items)}{error.Value[0]}")));
        }
    }

    /// <summary>People ticked rows; they do not know the places in a list that was made of them.</summary>
    private static string Named(string field, List<PlanGroup> items)
    {
        if (Place().Match(field) is not { Success: true } place) return "";
        var item = items[int.Parse(place.Groups["index"].Value, CultureInfo.InvariantCulture)];
        return $"{item.WorkspaceName}, {item.Kind.Label()} ...{item.Last4}: ";
    }

    [GeneratedRegex(@"^decisions\[(?<index>\d+)\]", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 100)]
    private static partial Regex Place();
}
