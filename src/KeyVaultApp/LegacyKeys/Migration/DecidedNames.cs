using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// Writes decisions into their groups, with the names of the keys to be made: one name for a key wherever the plan makes it,
/// and no name for two keys, be the other one planned or there already.
/// </summary>
internal sealed class DecidedNames(KeyVaultDb db, Guid planId)
{
    private const int NamesAtOnce = 500;

    private sealed record Named(int Number, KeyKind Kind, string Fingerprint, string Name)
    {
        public (KeyKind Kind, string Fingerprint) Key => (Kind, Fingerprint);
    }

    public async Task ApplyAsync(IReadOnlyList<DecisionTarget> targets, DecisionErrors errors, CancellationToken ct)
    {
        var planned = await db.PlanGroups.AsNoTracking().Where(group => group.PlanId == planId && group.Action == PlanAction.Create)
            .Select(group => new Named(group.Number, group.Kind, group.Fingerprint, group.KeyName!)).ToListAsync(ct);
        var proposed = planned.GroupBy(one => one.Key, one => one.Name).ToDictionary(key => key.Key, key => key.First());
        KeyNames? fresh = null;
        var decidedBy = new Dictionary<(KeyKind, string), int>();
        var decided = new HashSet<int>();
        var now = new List<Named>();
        foreach (var target in targets)
        {
            var (kind, fingerprint) = (target.Decision.Kind!.Value, target.Decision.Fingerprint!);
            var name = target.Decision.Action == PlanAction.Create ? target.Decision.Name?.Trim() ?? proposed.GetValueOrDefault((kind, fingerprint)) : null;
            if (target.Decision.Action == PlanAction.Create && name is null)
            {
                fresh ??= new KeyNames([.. await db.Keys.Select(key => key.NormalizedName).ToListAsync(ct), .. planned.Select(one => Text.Normalize(one.Name))]);
                proposed[(kind, fingerprint)] = name = fresh.Next(target.Groups is [var only] ? only.WorkspaceName : null, kind);
            }

            foreach (var group in target.Groups)
            {
                group.Decide(target.Decision.Action!.Value, target.Decision.KeyId, name);
                decided.Add(group.Number);
                if (name is not null) now.Add(new Named(group.Number, kind, fingerprint, name));
            }

            if (name is not null) decidedBy[(kind, fingerprint)] = target.Index;
        }

        CheckWithinPlan([.. planned.Where(one => !decided.Contains(one.Number)), .. now], decidedBy, errors);
        await CheckKeysAsync(now, decidedBy, errors, ct);
    }

    private static void CheckWithinPlan(IEnumerable<Named> all, Dictionary<(KeyKind, string), int> decidedBy, DecisionErrors errors)
    {
        var names = new Dictionary<(KeyKind, string), string>();
        var owners = new Dictionary<string, (KeyKind, string)>();
        foreach (var one in all)
        {
            if (names.TryAdd(one.Key, one.Name))
            {
                if (owners.TryAdd(Text.Normalize(one.Name), one.Key)) continue;
                var other = owners[Text.Normalize(one.Name)];
                Add(decidedBy.ContainsKey(one.Key) ? one.Key : other, "The plan gives this name to another key (upper and lower case are the same here).");
            }
            else if (names[one.Key] != one.Name)
            {
                Add(one.Key, "The plan makes this key in another workspace too, under another name. Decide for both at once, or give the same name.");
            }
        }

        void Add((KeyKind, string) key, string message) => errors.Add(decidedBy[key], "name", message);
    }

    private async Task CheckKeysAsync(IReadOnlyCollection<Named> now, Dictionary<(KeyKind, string), int> decidedBy, DecisionErrors errors, CancellationToken ct)
    {
        var byName = now.ToLookup(one => Text.Normalize(one.Name));
        // In pieces, as parameters: a list in one parameter would have another collation than the column on SQL Server.
        foreach (var names in byName.Select(one => one.Key).Chunk(NamesAtOnce))
            foreach (var taken in await db.Keys.Where(key => names.Contains(key.NormalizedName)).Select(key => key.NormalizedName).ToListAsync(ct))
                errors.Add(decidedBy[byName[taken].First().Key], "name", "There is a key of this name already (upper and lower case are the same here).");
    }
}
