using System.Text.RegularExpressions;
using KeyVaultApp.Domain;
using KeyVaultApp.IntegrationTests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;

namespace KeyVaultApp.IntegrationTests.Schema;

/// <summary>What is true of the migrations without a server to run them on.</summary>
public sealed partial class MigrationTests
{
    private const int TimestampLength = 15;
    private const int MatchMilliseconds = 5000;

    public static TheoryData<string> Providers => [.. Databases.All.Select(provider => provider.Provider)];

    [Theory]
    [MemberData(nameof(Providers))]
    public void The_model_has_no_change_without_a_migration(string provider)
    {
        using var context = Of(provider).Context();
        using var changed = Of(provider).Context(change: options => options.ReplaceService<IModelCustomizer, WithAnotherColumn>());

        Assert.True(changed.Database.HasPendingModelChanges());
        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Fact]
    public void Every_provider_has_the_same_migrations()
    {
        var names = Databases.All.ToDictionary(provider => provider.Provider, MigrationNames, StringComparer.Ordinal);

        Assert.Contains("LegacyKeyColumns", names[Databases.Sqlite.Provider]);
        Assert.All(names.Values, list => Assert.Equal(names[Databases.Sqlite.Provider], list));
    }

    [Fact]
    public void No_migration_rebuilds_agents_on_SQLite()
    {
        using var context = Databases.Sqlite.Context();
        var rebuild = new AlterColumnOperation { Table = "agents", Name = "name", ClrType = typeof(string), ColumnType = "TEXT", IsNullable = true };
        rebuild.OldColumn = new AddColumnOperation { Table = "agents", Name = "name", ClrType = typeof(string), ColumnType = "TEXT" };
        var planted = context.GetService<IMigrationsSqlGenerator>().Generate([rebuild], context.GetService<IDesignTimeModel>().Model);

        Assert.Contains(planted, command => Rebuilds(command.CommandText));
        Assert.False(Rebuilds(context.GetService<IMigrator>().GenerateScript()));
    }

    [Fact]
    public void The_old_columns_are_in_no_snapshot_of_the_model()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "migrations"), "*.cs", SearchOption.AllDirectories);
        var snapshots = files.Where(file => file.EndsWith("ModelSnapshot.cs", StringComparison.Ordinal) || file.EndsWith(".Designer.cs", StringComparison.Ordinal)).ToArray();

        Assert.All(files.Where(file => file.EndsWith("_LegacyKeyColumns.cs", StringComparison.Ordinal)), file => Assert.Matches(OldColumn(), File.ReadAllText(file)));
        Assert.Equal(Databases.All.Count, snapshots.Count(file => file.EndsWith("ModelSnapshot.cs", StringComparison.Ordinal)));
        Assert.All(snapshots, file => Assert.Contains("selected_tts_key_id", File.ReadAllText(file), StringComparison.Ordinal));
        Assert.All(snapshots, file => Assert.DoesNotMatch(OldColumn(), File.ReadAllText(file)));
    }

    private static Databases Of(string provider) => Databases.All.Single(databases => databases.Provider == provider);

    private static bool Rebuilds(string sql) => sql.Contains("ef_temp_agents", StringComparison.Ordinal);

    private static string[] MigrationNames(Databases provider)
    {
        using var context = provider.Context();
        return [.. context.Database.GetMigrations().Select(id => id[TimestampLength..])];
    }

    [GeneratedRegex("\"((tts|stt|elevenlabs)_key(_ref)?|(Tts|Stt|Elevenlabs)Key(Ref)?)\"", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex OldColumn();

    private sealed class WithAnotherColumn(ModelCustomizerDependencies dependencies) : RelationalModelCustomizer(dependencies)
    {
        public override void Customize(ModelBuilder modelBuilder, DbContext context)
        {
            base.Customize(modelBuilder, context);
            modelBuilder.Entity<Agent>().Property<string>("Planted");
        }
    }
}
