using KeyVaultApp.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KeyVaultApp.Storage;

/// <summary>What happened, and which phase holds.</summary>
internal static class RunningTables
{
    public static void Apply(ModelBuilder model)
    {
        model.Entity<ActivityEntry>(Activity);
        model.Entity<RolloutState>(Rollout);
    }

    private static void Activity(EntityTypeBuilder<ActivityEntry> entry)
    {
        entry.ToTable("activity").HasKey(a => a.Id);
        entry.Property(a => a.Id).ValueGeneratedNever();
        entry.Property(a => a.ActorName).HasMaxLength(Mapping.ActorNameLength);
        entry.Property(a => a.Action).HasMaxLength(50);
        entry.Property(a => a.TargetKind).HasMaxLength(20);
        entry.Property(a => a.TargetName).HasMaxLength(256);
        entry.Property(a => a.Address).HasMaxLength(64);
        entry.Property(a => a.TraceId).HasMaxLength(64);
        entry.HasIndex(a => new { a.At, a.Id });
        entry.HasIndex(a => new { a.TargetId, a.At });
    }

    private static void Rollout(EntityTypeBuilder<RolloutState> rollout)
    {
        rollout.ToTable("rollout").HasKey(r => r.Id);
        rollout.Property(r => r.Id).ValueGeneratedNever();
        rollout.HasData(new RolloutState());
    }
}
