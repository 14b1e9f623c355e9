using System.CommandLine;
using System.Text.Json;
using KeyVaultApp.Cli;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Migration;

internal sealed class PlanVerbs : IVerb
{
    private const string StandardInput = "-";
    private const int ShownOfFingerprint = 8;
    private const string WholeFingerprint = "names a key by its whole fingerprint, which migrate items tells with --json.";

    public void AddTo(RootCommand root, VerbHost host)
    {
        var plan = new Option<Guid>("--plan") { Description = "The plan's id.", Required = true };
        var bucket = new Option<string?>("--bucket") { Description = "Only what is in this bucket." };
        bucket.AcceptOnlyFromAmong([.. Enum.GetValues<PlanBucket>().Select(Fields.WordOf)]);
        var input = new Option<string>("--input") { Description = "A JSON file {\"decisions\":[{kind, fingerprint, workspace_id?, action, key_id?, name?}]}, or - for standard input. Fingerprints are whole, as migrate items --json has them.", Required = true };

        var make = new Command("plan", "Dry run: say what would be done about every legacy key. Writes nothing but the plan.") { VerbHost.Workspaces, VerbHost.Json };
        var items = new Command("items", "List the legacy keys of a plan, and what a run does with each.") { plan, bucket, VerbHost.Json };
        var decide = new Command("decide", "Decide about legacy keys of a plan: link, create or leave. All decisions or none; prints the plan's new hash.") { plan, input, VerbHost.Json };
        var family = root.Family("migrate", "Move agents from raw keys to references, in bulk.");
        foreach (var verb in new[] { make, items, decide }) family.Subcommands.Add(verb);

        host.Handle(make, Needs.Installation, async verb => verb.Print(await MakeAsync(verb), Lines));
        host.Handle(items, Needs.Installation, async verb =>
        {
            var filter = new ListItems.Filter(Bucket: verb.Parsed.GetValue(bucket));
            var rows = await EveryPage.OfAsync(page => verb.Get<ListItems>().RunAsync(verb.Parsed.GetValue(plan), page, filter, verb.Cancelled));
            verb.Print(rows, _ => rows.Count == 0 ? [] : [.. rows.Select(Line), $"A decision {WholeFingerprint}"]);
        });
        host.Handle(decide, Needs.Installation, async verb =>
        {
            var form = await ReadAsync(verb.Parsed.GetRequiredValue(input), verb.Cancelled);
            verb.Print(await verb.Get<DecidePlan>().RunAsync(verb.Parsed.GetValue(plan), form, VerbHost.Operator, verb.Cancelled), decided => [$"hash  {decided.Hash}"]);
        });
    }

    private static async Task<MakePlan.Answer> MakeAsync(VerbContext verb)
    {
        var named = verb.Parsed.GetValue(VerbHost.Workspaces) ?? [];
        var workspaces = await verb.Get<KeyVaultDb>().FindWorkspacesAsync(named, verb.Cancelled);
        if (workspaces.Missing.Count > 0) throw Refusal.NotFound("workspace", "workspace", workspaces.Missing);
        var form = new MakePlan.Form(named.Length == 0 ? null : workspaces.Found);
        return await verb.Get<MakePlan>().RunAsync(form, VerbHost.Operator, verb.Cancelled, new ProgressLines(Console.Error, verb.Get<TimeProvider>()));
    }

    /// <summary>The body that the API takes. What is wrong with it is told without repeating it.</summary>
    private static async Task<DecidePlan.Form> ReadAsync(string path, CancellationToken ct)
    {
        try
        {
            await using var json = path == StandardInput ? Console.OpenStandardInput() : File.OpenRead(path);
            return await JsonSerializer.DeserializeAsync<DecidePlan.Form>(json, Json.Options, ct) ?? throw new VerbFailedException("The decisions are null.");
        }
        catch (JsonException wrong)
        {
            throw new VerbFailedException($"The decisions cannot be read: line {wrong.LineNumber + 1}, byte {wrong.BytePositionInLine + 1} is not as expected. A JSON object with decisions is.");
        }
    }

    private static IEnumerable<string> Lines(MakePlan.Answer made)
    {
        yield return $"plan  {made.Id}";
        yield return $"hash  {made.Hash}";
        foreach (var bucket in Enum.GetValues<PlanBucket>())
            yield return $"{Fields.WordOf(bucket),-16} {Count.Of(made.Counts.Of(bucket).Slots, "slot")} with {Count.Of(made.Counts.Of(bucket).Groups, "key")}";
        if (made.Counts.NeedsDecision.Groups > 0)
        {
            yield return $"To see what needs a decision:  migrate items --plan {made.Id} --bucket needs_decision";
            yield return $"To decide:  migrate decide --plan {made.Id} --input decisions.json   (what nobody decides about is left alone)";
            yield return $"A decision {WholeFingerprint}";
        }

        yield return $"To run it:  migrate run --plan {made.Id} --hash {made.Hash}";
    }

    private static string Line(ListItems.Row row) => string.Join("  ", new[]
    {
        row.WorkspaceName, row.Kind.Word(), $"...{row.Last4}", row.Fingerprint[..ShownOfFingerprint], Count.Of(row.Agents, "agent"), Fields.WordOf(row.Bucket),
        row.Problem is { } problem ? Fields.WordOf(problem) : null,
        row.Findings is [] ? null : string.Join(' ', row.Findings.Select(Fields.WordOf)),
        row.Action is { } action ? $"-> {Fields.WordOf(action)}" : null,
        row.KeyName,
    }.OfType<string>());
}
