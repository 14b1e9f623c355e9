using KeyVaultApp.Storage.PostgreSql;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace KeyVaultApp.Migrations.PostgreSql;

/// <summary>
/// The old columns, written by hand because the model does not know them: they leave without a trace in it. Beside each
/// stands a generated column with the UUID it holds, if it has that form, so that "who reaches this key" is an index look-up.
/// </summary>
[DbContext(typeof(PostgreSqlDb))]
[Migration("20261123000700_LegacyKeyColumns")]
public sealed class LegacyKeyColumns : Migration
{
    private static readonly string[] Columns = ["tts_key", "stt_key", "elevenlabs_key"];

    private static readonly int[] Hyphens = [9, 14, 19, 24];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (var column in Columns)
        {
            var hyphenated = string.Join(" AND ", Hyphens.Select(place => $"substr({column}, {place}, 1) = '-'"));
            migrationBuilder.Sql($"ALTER TABLE agents ADD COLUMN {column} text NULL;");
            migrationBuilder.Sql($"ALTER TABLE agents ADD COLUMN {column}_ref text GENERATED ALWAYS AS (CASE WHEN length({column}) = 36 AND {hyphenated} THEN lower({column}) END) STORED;");
            migrationBuilder.Sql($"CREATE INDEX ix_agents_{column}_ref ON agents ({column}_ref) WHERE {column}_ref IS NOT NULL;");
        }

        // How often old columns are still read: a day is the number 20260131. Without foreign keys, so that a count that
        // arrives after its agent is gone does no harm. Both leave with the columns.
        migrationBuilder.Sql("CREATE TABLE legacy_reads (workspace_id uuid NOT NULL, kind integer NOT NULL, day integer NOT NULL, reads bigint NOT NULL, PRIMARY KEY (workspace_id, kind, day));");
        migrationBuilder.Sql("CREATE TABLE legacy_agent_reads (agent_id uuid NOT NULL, kind integer NOT NULL, reads bigint NOT NULL, last_read_at timestamp with time zone NOT NULL, PRIMARY KEY (agent_id, kind));");

        // A new installation starts with raw keys; built without LegacyKeys/ it starts with references. One that already has
        // agents keeps its phase, whichever build it was made with.
        migrationBuilder.Sql("UPDATE rollout SET legacy_columns = 1;");
        migrationBuilder.Sql("UPDATE rollout SET phase = 1 WHERE NOT EXISTS (SELECT 1 FROM agents);");
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("The old columns hold the customer's keys: they are archived and dropped, never migrated away.");
}
