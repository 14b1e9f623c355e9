using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace KeyVaultApp.Migrations.PostgreSql
{
    /// <inheritdoc />
    public partial class AddMigrationAndKeyAudit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "backfills",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    by = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    workspace_id = table.Column<Guid>(type: "uuid", nullable: true),
                    slots = table.Column<int>(type: "integer", nullable: false),
                    undone_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    undone_by = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_backfills", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "key_audit_uploads",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    by_kind = table.Column<int>(type: "integer", nullable: false),
                    by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    by = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    rows = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_key_audit_uploads", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "migration_lease",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    run_id = table.Column<Guid>(type: "uuid", nullable: true),
                    holder = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    until = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_migration_lease", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "migration_plans",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    created_by = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    all_workspaces = table.Column<bool>(type: "boolean", nullable: false),
                    content_hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_migration_plans", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "backfill_journal",
                columns: table => new
                {
                    backfill_id = table.Column<Guid>(type: "uuid", nullable: false),
                    agent_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    @sealed = table.Column<byte[]>(name: "sealed", type: "bytea", nullable: true),
                    data_key_number = table.Column<int>(type: "integer", nullable: true),
                    fingerprint_after = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    key_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_backfill_journal", x => new { x.backfill_id, x.agent_id, x.kind });
                    table.ForeignKey(
                        name: "FK_backfill_journal_backfills_backfill_id",
                        column: x => x.backfill_id,
                        principalTable: "backfills",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_backfill_journal_data_keys_data_key_number",
                        column: x => x.data_key_number,
                        principalTable: "data_keys",
                        principalColumn: "number",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "migration_plan_agents",
                columns: table => new
                {
                    plan_id = table.Column<Guid>(type: "uuid", nullable: false),
                    agent_id = table.Column<Guid>(type: "uuid", nullable: false),
                    tts_group = table.Column<int>(type: "integer", nullable: true),
                    stt_group = table.Column<int>(type: "integer", nullable: true),
                    elevenlabs_group = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_migration_plan_agents", x => new { x.plan_id, x.agent_id });
                });

            migrationBuilder.CreateTable(
                name: "migration_plan_groups",
                columns: table => new
                {
                    plan_id = table.Column<Guid>(type: "uuid", nullable: false),
                    number = table.Column<int>(type: "integer", nullable: false),
                    workspace_id = table.Column<Guid>(type: "uuid", nullable: false),
                    workspace_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    fingerprint = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    last4 = table.Column<string>(type: "character varying(4)", maxLength: 4, nullable: true),
                    agents = table.Column<int>(type: "integer", nullable: false),
                    bucket = table.Column<int>(type: "integer", nullable: false),
                    problem = table.Column<int>(type: "integer", nullable: true),
                    findings = table.Column<int>(type: "integer", nullable: false),
                    action = table.Column<int>(type: "integer", nullable: true),
                    key_id = table.Column<Guid>(type: "uuid", nullable: true),
                    key_name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    is_decided = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_migration_plan_groups", x => new { x.plan_id, x.number });
                    table.ForeignKey(
                        name: "FK_migration_plan_groups_migration_plans_plan_id",
                        column: x => x.plan_id,
                        principalTable: "migration_plans",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "migration_plan_workspaces",
                columns: table => new
                {
                    plan_id = table.Column<Guid>(type: "uuid", nullable: false),
                    workspace_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_migration_plan_workspaces", x => new { x.plan_id, x.workspace_id });
                    table.ForeignKey(
                        name: "FK_migration_plan_workspaces_migration_plans_plan_id",
                        column: x => x.plan_id,
                        principalTable: "migration_plans",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "migration_runs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    plan_id = table.Column<Guid>(type: "uuid", nullable: false),
                    rolls_back = table.Column<Guid>(type: "uuid", nullable: true),
                    force = table.Column<bool>(type: "boolean", nullable: false),
                    remove_unused_keys = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    created_by_kind = table.Column<int>(type: "integer", nullable: false),
                    created_by_id = table.Column<Guid>(type: "uuid", nullable: true),
                    created_by = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    request = table.Column<int>(type: "integer", nullable: false),
                    step = table.Column<int>(type: "integer", nullable: false),
                    cursor = table.Column<Guid>(type: "uuid", nullable: true),
                    total = table.Column<int>(type: "integer", nullable: false),
                    done = table.Column<int>(type: "integer", nullable: false),
                    linked = table.Column<int>(type: "integer", nullable: false),
                    created = table.Column<int>(type: "integer", nullable: false),
                    assigned = table.Column<int>(type: "integer", nullable: false),
                    skipped = table.Column<int>(type: "integer", nullable: false),
                    failed = table.Column<int>(type: "integer", nullable: false),
                    shadow_same = table.Column<int>(type: "integer", nullable: true),
                    shadow_different = table.Column<int>(type: "integer", nullable: true),
                    started_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    ended_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    error = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_migration_runs", x => x.id);
                    table.ForeignKey(
                        name: "FK_migration_runs_migration_plans_plan_id",
                        column: x => x.plan_id,
                        principalTable: "migration_plans",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "migration_journal",
                columns: table => new
                {
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    agent_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    outcome = table.Column<int>(type: "integer", nullable: false),
                    key_before = table.Column<Guid>(type: "uuid", nullable: true),
                    key_after = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_migration_journal", x => new { x.run_id, x.agent_id, x.kind });
                });

            migrationBuilder.CreateTable(
                name: "migration_run_assignments",
                columns: table => new
                {
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    key_id = table.Column<Guid>(type: "uuid", nullable: false),
                    workspace_id = table.Column<Guid>(type: "uuid", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_migration_run_assignments", x => new { x.run_id, x.key_id, x.workspace_id });
                    table.ForeignKey(
                        name: "FK_migration_run_assignments_migration_runs_run_id",
                        column: x => x.run_id,
                        principalTable: "migration_runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "migration_run_keys",
                columns: table => new
                {
                    run_id = table.Column<Guid>(type: "uuid", nullable: false),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    fingerprint = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    key_id = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_migration_run_keys", x => new { x.run_id, x.kind, x.fingerprint });
                    table.ForeignKey(
                        name: "FK_migration_run_keys_migration_runs_run_id",
                        column: x => x.run_id,
                        principalTable: "migration_runs",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.InsertData(
                table: "migration_lease",
                columns: new[] { "id", "holder", "run_id", "until" },
                values: new object[] { 1, null, null, null });

            migrationBuilder.CreateIndex(
                name: "IX_backfill_journal_data_key_number",
                table: "backfill_journal",
                column: "data_key_number");

            migrationBuilder.CreateIndex(
                name: "IX_backfills_at",
                table: "backfills",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "IX_key_audit_uploads_at",
                table: "key_audit_uploads",
                column: "at");

            migrationBuilder.CreateIndex(
                name: "IX_migration_journal_run_id_outcome_agent_id",
                table: "migration_journal",
                columns: new[] { "run_id", "outcome", "agent_id" },
                filter: "outcome <> 1 AND outcome <> 11");

            migrationBuilder.CreateIndex(
                name: "IX_migration_plan_groups_plan_id_bucket_number",
                table: "migration_plan_groups",
                columns: new[] { "plan_id", "bucket", "number" });

            migrationBuilder.CreateIndex(
                name: "IX_migration_plan_groups_plan_id_kind_fingerprint",
                table: "migration_plan_groups",
                columns: new[] { "plan_id", "kind", "fingerprint" });

            migrationBuilder.CreateIndex(
                name: "IX_migration_plans_created_at",
                table: "migration_plans",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_migration_runs_created_at",
                table: "migration_runs",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_migration_runs_plan_id",
                table: "migration_runs",
                column: "plan_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "backfill_journal");

            migrationBuilder.DropTable(
                name: "key_audit_uploads");

            migrationBuilder.DropTable(
                name: "migration_journal");

            migrationBuilder.DropTable(
                name: "migration_lease");

            migrationBuilder.DropTable(
                name: "migration_plan_agents");

            migrationBuilder.DropTable(
                name: "migration_plan_groups");

            migrationBuilder.DropTable(
                name: "migration_plan_workspaces");

            migrationBuilder.DropTable(
                name: "migration_run_assignments");

            migrationBuilder.DropTable(
                name: "migration_run_keys");

            migrationBuilder.DropTable(
                name: "backfills");

            migrationBuilder.DropTable(
                name: "migration_runs");

            migrationBuilder.DropTable(
                name: "migration_plans");
        }
    }
}
