using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Cli;

/// <summary>What --help lists is what there is, all of it and no more; each verb explains itself.</summary>
public sealed class HelpTests
{
    private static readonly string[] Verbs =
    [
        "agents check", "agents import", "agents make-key",
        "audit export", "audit import",
        "db script", "db status", "db update",
        "demo",
        "keyring status", "keyring verify",
        "migrate decide", "migrate items", "migrate pause", "migrate plan", "migrate report", "migrate resume", "migrate rollback", "migrate run", "migrate shadow-check", "migrate status", "migrate stop",
        "rollout backfill", "rollout backfills", "rollout preflight", "rollout set", "rollout show", "rollout undo-backfill",
        "serve",
        "tokens create", "tokens list", "tokens revoke",
        "users add", "users disable", "users list", "users reset-password",
    ];

    [Fact]
    public async Task Every_verb_is_listed_and_explains_itself()
    {
        await using var app = await App.CreateAsync(Databases.Sqlite);

        Assert.Equal(Verbs, (await ListedAsync(app, [])).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(app.DataDirectory));
    }

    /// <summary>What has output has it for machines too; a script is for the database, a report is CSV, and a server has none but its address.</summary>
    [Fact]
    public async Task Every_verb_prints_json_where_it_is_asked_to()
    {
        await using var app = await App.CreateAsync(Databases.Sqlite);

        foreach (var verb in Verbs.Except(["db script", "migrate report", "serve"]))
            Assert.Contains("--json", (await app.CliAsync([.. verb.Split(' '), "--help"])).Expect(0).Output, StringComparison.Ordinal);
    }

    private static async Task<IReadOnlyList<string>> ListedAsync(App app, string[] path)
    {
        var help = (await app.CliAsync([.. path, "--help"])).Expect(0).Output;
        Assert.Contains("Description:", help, StringComparison.Ordinal);
        var commands = help.Split('\n').SkipWhile(line => line != "Commands:").Skip(1).TakeWhile(line => line.StartsWith("  ", StringComparison.Ordinal)).ToArray();
        // A description that is too long for its line goes on in the next, further in.
        var names = commands.Where(line => line[2] != ' ').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        Assert.All(names, words => Assert.True(words.Length > 2, $"{string.Join(' ', path)} {words[0]} has no description."));
        var verbs = new List<string>();
        foreach (var words in names) verbs.AddRange(await ListedAsync(app, [.. path, words[0]]));
        return names.Length == 0 ? [string.Join(' ', path)] : verbs;
    }
}
