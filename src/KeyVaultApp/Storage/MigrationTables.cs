using KeyVaultApp.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KeyVaultApp.Storage;

/// <summary>
/// Plans, runs and journals, backfills and returned workbooks. They tell of agents, workspaces and keys as these were, so they
/// have no foreign keys to them: what was deleted since stays in the account.
/// </summary>
internal static class MigrationTables
{
    private const int NameLength = Mapping.ActorNameLength;

    public static void Apply(ModelBuilder model)
    {
        model.Entity<MigrationPlan>(Plans);
        model.Entity<PlanWorkspace>().ToTable("migration_plan_workspaces").HasKey(row => new { row.PlanId, row.WorkspaceId });
        model.Entity<PlanGroup>(Groups);
        model.Entity<PlanAgent>(PlanAgents);
        model.Entity<MigrationRun>(Runs);
        model.Entity<RunKey>(RunKeys);
        model.Entity<RunAssignment>(RunAssignments);
        model.Entity<JournalEntry>(Journal);
        model.Entity<MigrationLease>(Lease);
        model.Entity<Backfill>(Backfills);
        model.Entity<BackfillEntry>(BackfillEntries);
        model.Entity<KeyAuditUpload>(Uploads);
    }

    private static void Plans(EntityTypeBuilder<MigrationPlan> plan)
    {
        plan.ToTable("migration_plans").HasKey(p => p.Id);
        plan.Property(p => p.Id).ValueGeneratedNever();
        plan.Property(p => p.CreatedBy).HasMaxLength(NameLength);
        plan.Property(p => p.ContentHash).HasMaxLength(MigrationPlan.HashLength);
        plan.Property(p => p.Hash).HasMaxLength(MigrationPlan.HashLength);
        plan.HasMany(p => p.Workspaces).WithOne().HasForeignKey(w => w.PlanId);
        plan.HasIndex(p => p.CreatedAt);
    }

    private static void Groups(EntityTypeBuilder<PlanGroup> group)
    {
        group.ToTable("migration_plan_groups").HasKey(g => new { g.PlanId, g.Number });
        group.Property(g => g.WorkspaceName).HasMaxLength(Workspace.NameMaxLength);
        group.Property(g => g.Fingerprint).HasMaxLength(Mapping.FingerprintLength);
        group.Property(g => g.Last4).HasMaxLength(4);
        group.Property(g => g.KeyName).HasMaxLength(KeyResource.NameMaxLength);
        group.HasOne<MigrationPlan>().WithMany().HasForeignKey(g => g.PlanId);
        group.HasIndex(g => new { g.PlanId, g.Bucket, g.Number });
        group.HasIndex(g => new { g.PlanId, g.Kind, g.Fingerprint });
    }

    /// <summary>As the journal, without a foreign key: a row is written in the transaction that holds its plan or run, which nobody deletes, and there are very many.</summary>
    private static void PlanAgents(EntityTypeBuilder<PlanAgent> agent)
    {
        agent.ToTable("migration_plan_agents").HasKey(a => new { a.PlanId, a.AgentId });
    }

    private static void Runs(EntityTypeBuilder<MigrationRun> run)
    {
        run.ToTable("migration_runs").HasKey(r => r.Id);
        run.Property(r => r.Id).ValueGeneratedNever();
        run.Property(r => r.CreatedBy).HasMaxLength(NameLength);
        run.Property(r => r.Error).HasMaxLength(MigrationRun.ErrorMaxLength);
        run.HasOne<MigrationPlan>().WithMany().HasForeignKey(r => r.PlanId).OnDelete(DeleteBehavior.Restrict);
        run.HasIndex(r => r.CreatedAt);
    }

    private static void RunKeys(EntityTypeBuilder<RunKey> key)
    {
        key.ToTable("migration_run_keys").HasKey(k => new { k.RunId, k.Kind, k.Fingerprint });
        key.Property(k => k.Fingerprint).HasMaxLength(Mapping.FingerprintLength);
        key.HasOne<MigrationRun>().WithMany().HasForeignKey(k => k.RunId);
    }

    private static void RunAssignments(EntityTypeBuilder<RunAssignment> assignment)
    {
        assignment.ToTable("migration_run_assignments").HasKey(a => new { a.RunId, a.KeyId, a.WorkspaceId });
        assignment.HasOne<MigrationRun>().WithMany().HasForeignKey(a => a.RunId);
    }

    private static void Journal(EntityTypeBuilder<JournalEntry> entry)
    {
        entry.ToTable("migration_journal").HasKey(e => new { e.RunId, e.AgentId, e.Kind });
        // The rule is that slots are linked; an index finds the exceptions and costs the rule nothing.
        entry.HasIndex(e => new { e.RunId, e.Outcome, e.AgentId }).HasFilter("outcome <> 1 AND outcome <> 11");
    }

    private static void Lease(EntityTypeBuilder<MigrationLease> lease)
    {
        lease.ToTable("migration_lease").HasKey(l => l.Id);
        lease.Property(l => l.Id).ValueGeneratedNever();
        lease.Property(l => l.Holder).HasMaxLength(NameLength);
        lease.HasData(new MigrationLease());
    }

    private static void Backfills(EntityTypeBuilder<Backfill> backfill)
    {
        backfill.ToTable("backfills").HasKey(b => b.Id);
        backfill.Property(b => b.Id).ValueGeneratedNever();
        backfill.Property(b => b.By).HasMaxLength(NameLength);
        backfill.Property(b => b.UndoneBy).HasMaxLength(NameLength);
        backfill.HasIndex(b => b.At);
    }

    private static void BackfillEntries(EntityTypeBuilder<BackfillEntry> entry)
    {
        entry.ToTable("backfill_journal").HasKey(e => new { e.BackfillId, e.AgentId, e.Kind });
        entry.Property(e => e.FingerprintAfter).HasMaxLength(Mapping.FingerprintLength);
        entry.HasOne<Backfill>().WithMany().HasForeignKey(e => e.BackfillId);
        entry.HasOne<DataKey>().WithMany().HasForeignKey(e => e.DataKeyNumber).OnDelete(DeleteBehavior.Restrict);
    }

    private static void Uploads(EntityTypeBuilder<KeyAuditUpload> upload)
    {
        upload.ToTable("key_audit_uploads").HasKey(u => u.Id);
        upload.Property(u => u.Id).ValueGeneratedNever();
        upload.Property(u => u.By).HasMaxLength(NameLength);
        upload.HasIndex(u => u.At);
    }
}
