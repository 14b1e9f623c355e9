using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace KeyVaultApp.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class AddKeyTests : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "provider",
                table: "api_key_versions",
                type: "TEXT",
                maxLength: 50,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "last_test_asked",
                table: "api_key_resources",
                type: "TEXT",
                maxLength: 300,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "last_test_at",
                table: "api_key_resources",
                type: "TEXT",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "last_test_by",
                table: "api_key_resources",
                type: "TEXT",
                maxLength: 256,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "last_test_detail",
                table: "api_key_resources",
                type: "TEXT",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "last_test_latency_ms",
                table: "api_key_resources",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "last_test_outcome",
                table: "api_key_resources",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "api_key_tests",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    key_id = table.Column<Guid>(type: "TEXT", nullable: false),
                    key_version = table.Column<int>(type: "INTEGER", nullable: false),
                    outcome = table.Column<int>(type: "INTEGER", nullable: false),
                    detail = table.Column<string>(type: "TEXT", maxLength: 500, nullable: false),
                    asked = table.Column<string>(type: "TEXT", maxLength: 300, nullable: true),
                    latency_ms = table.Column<int>(type: "INTEGER", nullable: false),
                    at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    by = table.Column<string>(type: "TEXT", maxLength: 256, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_api_key_tests", x => x.id);
                    table.ForeignKey(
                        name: "FK_api_key_tests_api_key_resources_key_id",
                        column: x => x.key_id,
                        principalTable: "api_key_resources",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_api_key_tests_key_id_at_id",
                table: "api_key_tests",
                columns: new[] { "key_id", "at", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "api_key_tests");

            migrationBuilder.DropColumn(
                name: "provider",
                table: "api_key_versions");

            migrationBuilder.DropColumn(
                name: "last_test_asked",
                table: "api_key_resources");

            migrationBuilder.DropColumn(
                name: "last_test_at",
                table: "api_key_resources");

            migrationBuilder.DropColumn(
                name: "last_test_by",
                table: "api_key_resources");

            migrationBuilder.DropColumn(
                name: "last_test_detail",
                table: "api_key_resources");

            migrationBuilder.DropColumn(
                name: "last_test_latency_ms",
                table: "api_key_resources");

            migrationBuilder.DropColumn(
                name: "last_test_outcome",
                table: "api_key_resources");
        }
    }
}
