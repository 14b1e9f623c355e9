namespace KeyVaultApp.ArchitectureTests;

/// <summary>
/// Each rule is first shown the planted house, where it has to name exactly the offenders listed here, and then the product,
/// where it has to find none among at least as many types as the product had when it began.
/// </summary>
public sealed class HouseTests
{
    private const int FewestTypes = 50;

    [Fact]
    public void The_product_is_what_is_read() => Assert.Equal("KeyVaultApp", Code.App.Assembly);

    [Fact]
    public void Every_type_stands_in_a_folder_of_the_house()
    {
        var planted = Rules.KnownFolders(Code.Planted).Broken;
        Assert.Contains("Cupboard.StandsNowhere", planted);
        Assert.Contains(typeof(House).FullName!, planted);
        Assert.DoesNotContain("Keys.InOrder", planted);

        HoldsInTheProduct(Rules.KnownFolders);
    }

    [Fact]
    public void Folders_know_only_whom_the_table_lets_them_know() => Holds(
        Rules.WhoKnowsWhom,
        "Agents.KnowsInAttribute", "Agents.KnowsInBody", "Agents.KnowsInClosure", "Agents.KnowsInConstraint`1", "Agents.KnowsInGenericArgument",
        "Agents.KnowsInNestedType", "Agents.KnowsInSignature", "Cli.KnowsLegacy", "Domain.KnowsStorage", "Migrations.Sqlite.KnowsKeys",
        "Rollout.KnowsComposition", "Workspaces/Index.cshtml");

    [Fact]
    public void Only_Encryption_uses_cryptography() => Holds(Rules.Cryptography, "Keys.HashesByItself");

    [Fact]
    public void Secrets_are_revealed_only_where_they_may_be() => Holds(
        Rules.Revealing, "Keys.RevealsAsDelegate", "Keys.RevealsInBackground");

    [Fact]
    public void Sealed_values_are_opened_only_where_they_may_be() => Holds(Rules.RevealValues, "Keys.OpensValues");

    [Fact]
    public void Raw_legacy_keys_are_read_only_by_the_resolver_and_by_LegacyKeys() => Holds(
        Rules.RawLegacyKeys, "Agents.ReadsRawKeysInCode", "Agents.ReadsRawKeysInQuery");

    [Fact]
    public void Keys_seals_and_never_opens() => Holds(Rules.KeysOnlySeal, "Keys.OpensValues");

    [Fact]
    public void Only_Storage_names_a_provider() => Holds(Rules.ProviderPackages, "Keys.NamesProvider", "Keys.NamesProviderByExtension");

    [Fact]
    public void Only_KeyAudit_knows_workbooks() => Holds(Rules.WorkbookPackages, "Keys.WritesWorkbook");

    [Fact]
    public void Time_comes_from_the_TimeProvider() => Holds(Rules.Clock, "Keys.ReadsClock", "Keys.ReadsClockInLambda");

    [Fact]
    public void Domain_knows_no_framework() => Holds(Rules.PlainDomain, "Domain.KnowsEf", "Domain.KnowsWeb");

    [Fact]
    public void Types_are_named_after_what_they_do() => Holds(
        Rules.Names, "Dashboard.Outer/TileDto", "Dashboard.TileRepository`1", "Dashboard.TileService");

    private static void Holds(Func<Code, Verdict> rule, params string[] planted)
    {
        Assert.Equal(planted, rule(Code.Planted).Broken);
        HoldsInTheProduct(rule);
    }

    private static void HoldsInTheProduct(Func<Code, Verdict> rule)
    {
        var verdict = rule(Code.App);
        Assert.True(verdict.Seen > FewestTypes, $"The rule saw only {verdict.Seen} types.");
        Assert.Empty(verdict.Broken);
    }
}
