using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.LegacyKeys;

/// <summary>
/// The rows of the file in a temporary table, and the statements that make changes of them: one for all rows each, the same
/// words on every provider.
/// </summary>
internal sealed class ImportTable
{
    private const int MostClashes = 20;
    private static readonly string[] Keys = [.. KeyKinds.All.Select(kind => kind.Column())];

    private static readonly BulkColumn[] Columns =
    [
        new("line", BulkType.Number),
        new("new_id", BulkType.Id),
        new("agent_id", BulkType.Id),
        new("workspace_id", BulkType.Id),
        new("external_id", BulkType.Text, Agent.ExternalIdMaxLength),
        new("name", BulkType.Text),
        new("normalized_name", BulkType.Text, Mapping.NormalizedLength(Agent.NameMaxLength)),
        .. Keys.Select(key => new BulkColumn(key, BulkType.Text)),
    ];

    private readonly KeyVaultDb _db;
    private readonly string _rows;

    private ImportTable(KeyVaultDb db, string rows)
    {
        _db = db;
        _rows = rows;
    }

    public static async Task<ImportTable> CreateAsync(KeyVaultDb db, CancellationToken ct) =>
        new(db, await db.CreateTemporaryTableAsync("imported_agents", Columns, ct));

    public async Task FillAsync(IAsyncEnumerable<(AgentRow Row, Guid NewId, Guid WorkspaceId)> rows, CancellationToken ct)
    {
        await _db.BulkInsertAsync(_rows, Columns, rows.Select(Values), ct);
        // Before the first update: PostgreSQL does not use an index in the transaction that made it over updated rows.
        await ExecuteAsync($"CREATE INDEX ix_imported_agents ON {_rows} (agent_id)", ct);
    }

    /// <summary>
    /// Finds the agents that are there already. An <c>external_id</c> names one for sure; a name does if it is the only one of its
    /// workspace, and so does a new <c>external_id</c> beside the name of an agent that has none yet.
    /// </summary>
    public async Task MatchAsync(ImportErrors errors, CancellationToken ct)
    {
        string Agents(string column) => $"FROM agents a WHERE a.workspace_id = {_rows}.workspace_id AND a.{column} = {_rows}.{column}";
        var sameName = Agents("normalized_name");
        foreach (var clash in await ClashesAsync(
            $"""SELECT line AS "Line", line AS "Other" FROM {_rows} WHERE external_id IS NULL AND (SELECT COUNT(*) {sameName}) > 1""", ct))
            errors.Add(clash.Line, "name", "several agents of the workspace have this name. Give the row the external_id of the one that is meant.");
        if (errors.Count > 0) return;

        await ExecuteAsync($"UPDATE {_rows} SET agent_id = (SELECT a.id {Agents("external_id")}) WHERE external_id IS NOT NULL", ct);
        await ExecuteAsync($"UPDATE {_rows} SET agent_id = (SELECT a.id {sameName}) WHERE external_id IS NULL", ct);
        await ExecuteAsync($"UPDATE {_rows} SET agent_id = (SELECT a.id {sameName} AND a.external_id IS NULL) WHERE agent_id IS NULL AND (SELECT COUNT(*) {sameName}) = 1", ct);
    }

    /// <summary>
    /// Finds agents that the file names twice. A row without <c>external_id</c> has its name alone, so no other row of the
    /// workspace may have that name: after the import nobody could tell the two apart.
    /// </summary>
    public async Task FindTwiceAsync(ImportErrors errors, CancellationToken ct)
    {
        foreach (var clash in await ClashesAsync(Twice("external_id IS NOT NULL", "workspace_id, external_id"), ct))
            errors.Add(clash.Line, "external_id", $"the same agent as on line {clash.Other}.");
        foreach (var clash in await ClashesAsync(Twice("agent_id IS NOT NULL", "agent_id"), ct))
            errors.Add(clash.Line, "name", $"the same agent as on line {clash.Other}.");
        foreach (var clash in await ClashesAsync(
            $"""
            SELECT MAX(line) AS "Line", MIN(line) AS "Other" FROM {_rows}
            GROUP BY workspace_id, normalized_name HAVING COUNT(*) > 1 AND COUNT(external_id) < COUNT(*)
            """, ct))
            errors.Add(clash.Line, "name", $"the same name as on line {clash.Other}, and not every row with it has an external_id.");
    }

    /// <summary>Empties what is the same already, so that what is left in a row is what changes.</summary>
    public async Task KeepChangesAsync(CancellationToken ct)
    {
        string UnlessSame(string column, string orElse = "") =>
            $"{column} = CASE WHEN {orElse}EXISTS (SELECT 1 FROM agents a WHERE a.id = {_rows}.agent_id AND {_db.SameText($"a.{column}", $"{_rows}.{column}")}) THEN NULL ELSE {column} END";
        string[] changes = [UnlessSame("name", "external_id IS NULL OR "), UnlessSame("external_id"), .. Keys.Select(key => UnlessSame(key))];
        await ExecuteAsync($"UPDATE {_rows} SET {string.Join(", ", changes)} WHERE agent_id IS NOT NULL", ct);
    }

    /// <summary>A raw key that replaces another takes the slot's reference with it, so that no stale one comes back with the next phase.</summary>
    public async Task<int> UpdateAsync(DateTimeOffset now, CancellationToken ct)
    {
        string New(string column) => $"(SELECT n.{column} FROM {_rows} n WHERE n.agent_id = agents.id)";
        string Changed(params string[] columns) => string.Join(" OR ", columns.Select(column => $"n.{column} IS NOT NULL"));
        string Where(string changed) => $"id IN (SELECT n.agent_id FROM {_rows} n WHERE n.agent_id IS NOT NULL AND ({changed}))";
        string[] keys = [.. KeyKinds.All.Select(kind =>
            $"{kind.Column()} = COALESCE({New(kind.Column())}, {kind.Column()}), "
            + $"{kind.ReferenceColumn()} = CASE WHEN {New(kind.Column())} IS NULL THEN {kind.ReferenceColumn()} END")];

        await ExecuteAsync($"UPDATE agents SET external_id = {New("external_id")} WHERE {Where(Changed("external_id"))}", ct);
        // A statement of its own: SQL Server cannot choose between an old and a new name whose collations differ.
        await ExecuteAsync($"UPDATE agents SET name = {New("name")}, normalized_name = {New("normalized_name")} WHERE {Where(Changed("name"))}", ct);
        return await _db.Database.ExecuteSqlRawAsync(
            $"UPDATE agents SET {string.Join(", ", keys)}, version = version + 1, updated_at = {{0}} WHERE {Where(Changed(["name", "external_id", .. Keys]))}",
            [now.UtcDateTime], ct);
    }

    public Task<int> InsertAsync(DateTimeOffset now, CancellationToken ct)
    {
        var columns = $"workspace_id, external_id, name, normalized_name, {string.Join(", ", Keys)}";
        return _db.Database.ExecuteSqlRawAsync(
            $$"""
            INSERT INTO agents (id, {{columns}}, version, created_at, updated_at)
            SELECT new_id, {{columns}}, 1, {0}, {0} FROM {{_rows}} WHERE agent_id IS NULL
            """,
            [now.UtcDateTime], ct);
    }

    private sealed class Clash
    {
        public long Line { get; init; }
        public long Other { get; init; }
    }

    private string Twice(string where, string by) =>
        $"""SELECT MAX(line) AS "Line", MIN(line) AS "Other" FROM {_rows} WHERE {where} GROUP BY {by} HAVING COUNT(*) > 1""";

    private Task<List<Clash>> ClashesAsync(string sql, CancellationToken ct) =>
        _db.Database.SqlQueryRaw<Clash>(sql).OrderBy(clash => clash.Line).Take(MostClashes).ToListAsync(ct);

    private Task<int> ExecuteAsync(string sql, CancellationToken ct) => _db.Database.ExecuteSqlRawAsync(sql, ct);

    private static object?[] Values((AgentRow Row, Guid NewId, Guid WorkspaceId) one) =>
    [
        one.Row.Line,
        one.NewId,
        null,
        one.WorkspaceId,
        one.Row.ExternalId,
        one.Row.Name,
        Text.Normalize(one.Row.Name),
        .. one.Row.Keys.Select(key => key?.Reveal()),
    ];
}
