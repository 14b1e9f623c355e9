using KeyVaultApp.Domain;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace KeyVaultApp.Storage;

/// <summary>The one model. What only a provider knows stands in the context derived for it.</summary>
public abstract class KeyVaultDb(DbContextOptions options) : IdentityUserContext<User, Guid>(options)
{
    public DbSet<Workspace> Workspaces => Set<Workspace>();
    public DbSet<WorkspaceMember> WorkspaceMembers => Set<WorkspaceMember>();
    public DbSet<Agent> Agents => Set<Agent>();
    public DbSet<KeyResource> Keys => Set<KeyResource>();
    public DbSet<KeyVersion> KeyVersions => Set<KeyVersion>();
    public DbSet<KeyAssignment> KeyAssignments => Set<KeyAssignment>();
    public DbSet<KeyTest> KeyTests => Set<KeyTest>();
    public DbSet<KeyTombstone> KeyTombstones => Set<KeyTombstone>();
    public DbSet<DataKey> DataKeys => Set<DataKey>();
    public DbSet<ActivityEntry> Activity => Set<ActivityEntry>();
    public DbSet<AccessToken> AccessTokens => Set<AccessToken>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();
    public DbSet<SetUpLink> SetUpLinks => Set<SetUpLink>();
    public DbSet<RolloutState> Rollout => Set<RolloutState>();
    public DbSet<KeyAuditUpload> KeyAuditUploads => Set<KeyAuditUpload>();
    public DbSet<MigrationPlan> MigrationPlans => Set<MigrationPlan>();
    public DbSet<PlanGroup> PlanGroups => Set<PlanGroup>();
    public DbSet<PlanAgent> PlanAgents => Set<PlanAgent>();
    public DbSet<MigrationRun> MigrationRuns => Set<MigrationRun>();
    public DbSet<RunKey> RunKeys => Set<RunKey>();
    public DbSet<RunAssignment> RunAssignments => Set<RunAssignment>();
    public DbSet<JournalEntry> Journal => Set<JournalEntry>();
    public DbSet<MigrationLease> MigrationLease => Set<MigrationLease>();
    public DbSet<Backfill> Backfills => Set<Backfill>();
    public DbSet<BackfillEntry> BackfillEntries => Set<BackfillEntry>();

    /// <summary>Whether a unique index refused the write: uniqueness is the database's, the edge makes a field error of it.</summary>
    public abstract bool IsUniqueViolation(DbUpdateException exception);

    /// <summary>Whether a foreign key refused the write: somebody began to use what is being deleted.</summary>
    public abstract bool IsForeignKeyViolation(DbUpdateException exception);

    /// <summary>For work over a whole fleet in few statements: each may take an hour from now on.</summary>
    public void AllowLongStatements() => Database.SetCommandTimeout(TimeSpan.FromHours(1));

    /// <summary>Begins a transaction for temporary tables and reading. It keeps nobody from writing.</summary>
    public virtual Task<IDbContextTransaction> BeginAsideAsync(CancellationToken ct) => Database.BeginTransactionAsync(ct);

    /// <summary>Makes a temporary table for this connection, which must stay open; returns the name to use in statements.</summary>
    public abstract Task<string> CreateTemporaryTableAsync(string name, IReadOnlyList<BulkColumn> columns, CancellationToken ct);

    /// <summary>Streams rows into a table in the current transaction, as fast as the provider can.</summary>
    public abstract Task BulkInsertAsync(string table, IReadOnlyList<BulkColumn> columns, IAsyncEnumerable<object?[]> rows, CancellationToken ct);

    /// <summary>
    /// Keeps these rows as they are until the end of the transaction; others may go on reading them. SQLite needs nothing for
    /// this and the next two: its transactions begin by keeping out every other writer.
    /// </summary>
    /// <param name="isShared">Whether several may keep the same rows; else this one is going to change them.</param>
    public virtual Task HoldRowsAsync(string table, IReadOnlyCollection<Guid> ids, bool isShared, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Keeps a row as it is until the end of the transaction. Others may keep it too; whoever changes it waits.</summary>
    public virtual Task HoldRowAsync(string table, object id, CancellationToken ct) => Task.CompletedTask;

    /// <summary>Waits for whoever else asked for this name, and holds it until the transaction ends. It locks no row, so it holds up nobody else.</summary>
    public virtual Task HoldNameAsync(string name, CancellationToken ct) => Task.CompletedTask;

    /// <summary>An SQL condition: both texts are there and the same to the byte, whatever collation the columns have.</summary>
    public virtual string SameText(string left, string right) => $"{left} = {right}";

    /// <summary>An SQL expression to group a column by: it is equal for texts that are the same to the byte, and for no others.</summary>
    public virtual string ExactText(string column) => column;

    public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        foreach (var entry in ChangeTracker.Entries<IVersioned>())
            if (entry.State == EntityState.Modified)
                entry.Entity.Version++;
        return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcDateTime>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        Mapping.Apply(builder);
    }
}

/// <summary>A column of a bulk insert.</summary>
/// <param name="MaxLength">Of text that is compared with an indexed column: SQL Server looks up only what is as short as that.</param>
public sealed record BulkColumn(string Name, BulkType Type, int? MaxLength = null);

public enum BulkType
{
    Id,

    /// <summary>A <see cref="long"/>.</summary>
    Number,

    /// <summary>An <see cref="int"/>.</summary>
    SmallNumber,

    Text,
    Flag,

    /// <summary>A <see cref="DateTime"/> in UTC.</summary>
    Time,

    Bytes,
}
