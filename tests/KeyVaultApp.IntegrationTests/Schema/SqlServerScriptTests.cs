using KeyVaultApp.IntegrationTests.Harness;
using KeyVaultApp.Storage.SqlServer;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace KeyVaultApp.IntegrationTests.Schema;

/// <summary>The script that an administrator runs on SQL Server, read by Microsoft's own parser: no server is needed.</summary>
public sealed class SqlServerScriptTests
{
    private static readonly string[] OldColumns = ["tts_key", "stt_key", "elevenlabs_key"];
    private static readonly string WholeScript = IdempotentScript();

    [Fact]
    public void The_idempotentWholeScript_parses()
    {
        var (script, errors) = Parse(WholeScript);

        Assert.Empty(errors.Select(error => $"{error.Line}: {error.Message}"));
        var statements = script.Batches.Sum(batch => batch.Statements.Count);
        Assert.True(statements > 20, $"Only {statements} statements.");
    }

    [Fact]
    public void A_brokenWholeScript_is_caught()
    {
        var (_, errors) = Parse(WholeScript.Replace("ALTER TABLE agents ADD", "ALTER TABLE agents ADD ADD", StringComparison.Ordinal));

        Assert.NotEmpty(errors);
    }

    [Fact]
    public void The_statement_that_holds_a_name_parses()
    {
        var (script, errors) = Parse(SqlServerDb.Hold.Replace("{0}", "@p0", StringComparison.Ordinal));

        Assert.Empty(errors);
        Assert.IsType<ExecuteStatement>(Assert.Single(Assert.Single(script.Batches).Statements));
    }

    [Fact]
    public void The_old_columns_have_a_binary_collation()
    {
        Assert.Equal(OldColumns, OldColumnsWith(SqlServerDb.BinaryCollation, WholeScript));
        Assert.Empty(OldColumnsWith(SqlServerDb.BinaryCollation, WholeScript.Replace($" COLLATE {SqlServerDb.BinaryCollation}", "", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> OldColumnsWith(string collation, string script)
    {
        var added = new AddedColumns();
        Parse(script).Script.Accept(added);
        return added.Found
            .Where(column => OldColumns.Contains(column.ColumnIdentifier.Value) && column.Collation?.Value == collation)
            .Select(column => column.ColumnIdentifier.Value);
    }

    private static string IdempotentScript()
    {
        using var context = Databases.SqlServer.Context();
        return context.GetService<IMigrator>().GenerateScript(options: MigrationsSqlGenerationOptions.Idempotent);
    }

    private static (TSqlScript Script, IList<ParseError> Errors) Parse(string sql)
    {
        using var reader = new StringReader(sql);
        var script = (TSqlScript)new TSql150Parser(initialQuotedIdentifiers: true).Parse(reader, out var errors);
        return (script, errors);
    }

    private sealed class AddedColumns : TSqlFragmentVisitor
    {
        public List<ColumnDefinition> Found { get; } = [];

        public override void Visit(AlterTableAddTableElementStatement node)
        {
            if (node.SchemaObjectName.BaseIdentifier.Value == "agents") Found.AddRange(node.Definition.ColumnDefinitions);
        }
    }
}
