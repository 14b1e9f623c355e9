using KeyVaultApp.Storage.SqlServer;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyVaultApp.Migrations.SqlServer;

/// <summary>
/// The old columns, written by hand because the model does not know them: they leave without a trace in it. Beside each
/// stands a generated column with the UUID it holds, if it has that form, so that "who reaches this key" is an index look-up.
/// </summary>
[DbContext(typeof(SqlServerDb))]
[Migration("20261123000700_LegacyKeyColumns")]
public sealed class LegacyKeyColumns : Migration
{
    private static readonly string[] Columns = ["tts_key", "stt_key", "elevenlabs_key"];

    private static readonly int[] Hyphens = [9, 14, 19, 24];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var column in Columns)
        {
            migrationBuilder.Sql($"ALTER TABLE agents ADD {column} nvarchar(max) COLLATE {SqlServerDb.BinaryCollation} NULL");
            var hyphenated = string.Join(" AND ", Hyphens.Select(place => $"SUBSTRING({column}, {place}, 1) = N''-''"));
            // A script has one batch for a migration, and a batch may not name a column that it has yet to make: EXEC is a batch of its own.
            migrationBuilder.Sql($"EXEC(N'ALTER TABLE agents ADD {column}_ref AS (CASE WHEN DATALENGTH({column}) = 72 AND {hyphenated} THEN LOWER(CAST({column} AS nvarchar(36))) END) PERSISTED')");
            migrationBuilder.Sql($"EXEC(N'CREATE INDEX ix_agents_{column}_ref ON agents ({column}_ref)')");
        }

        // How often old columns are still read: a day is the number 20260131. Without foreign keys, so that a count that
        // arrives after its agent is gone does no harm. Both leave with the columns.
        migrationBuilder.Sql("CREATE TABLE legacy_reads (workspace_id uniqueidentifier NOT NULL, kind int NOT NULL, day int NOT NULL, reads bigint NOT NULL, PRIMARY KEY (workspace_id, kind, day))");
        migrationBuilder.Sql("CREATE TABLE legacy_agent_reads (agent_id uniqueidentifier NOT NULL, kind int NOT NULL, reads bigint NOT NULL, last_read_at datetime2 NOT NULL, PRIMARY KEY (agent_id, kind))");

        // A new installation starts with raw keys; built without LegacyKeys/ it starts with references. One that already has
        // agents keeps its phase, whichever build it was made with.
        migrationBuilder.Sql("UPDATE rollout SET legacy_columns = 1");
        migrationBuilder.Sql("UPDATE rollout SET phase = 1 WHERE NOT EXISTS (SELECT 1 FROM agents)");
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("The old columns hold the customer's keys: they are archived and dropped, never migrated away.");
}
