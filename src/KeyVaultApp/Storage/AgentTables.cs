using KeyVaultApp.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KeyVaultApp.Storage;

/// <summary>The tenants, who belongs to them, and their agents.</summary>
internal static class AgentTables
{
    public static void Apply(ModelBuilder model)
    {
        model.Entity<Workspace>(Workspaces);
        model.Entity<WorkspaceMember>(WorkspaceMembers);
        model.Entity<Agent>(Agents);
    }

    private static void Workspaces(EntityTypeBuilder<Workspace> workspace)
    {
        workspace.ToTable("workspaces").HasKey(w => w.Id);
        workspace.Property(w => w.Id).ValueGeneratedNever();
        workspace.Property(w => w.Name).HasMaxLength(Workspace.NameMaxLength);
        workspace.Property(w => w.NormalizedName).HasMaxLength(Mapping.NormalizedLength(Workspace.NameMaxLength));
        workspace.HasIndex(w => w.NormalizedName).IsUnique();
    }

    private static void WorkspaceMembers(EntityTypeBuilder<WorkspaceMember> member)
    {
        member.ToTable("workspace_members").HasKey(m => new { m.UserId, m.WorkspaceId });
        member.HasOne<User>().WithMany().HasForeignKey(m => m.UserId);
        member.HasOne<Workspace>().WithMany().HasForeignKey(m => m.WorkspaceId);
    }

    private static void Agents(EntityTypeBuilder<Agent> agent)
    {
        agent.ToTable("agents").HasKey(a => a.Id);
        agent.Property(a => a.Id).ValueGeneratedNever();
        agent.Property(a => a.Name).HasMaxLength(Agent.NameMaxLength);
        agent.Property(a => a.NormalizedName).HasMaxLength(Mapping.NormalizedLength(Agent.NameMaxLength));
        agent.Property(a => a.ExternalId).HasMaxLength(Agent.ExternalIdMaxLength);
        agent.HasOne(a => a.Workspace).WithMany().HasForeignKey(a => a.WorkspaceId).OnDelete(DeleteBehavior.Restrict);
        agent.HasOne<KeyResource>().WithMany().HasForeignKey(a => a.SelectedTtsKeyId).OnDelete(DeleteBehavior.Restrict);
        agent.HasOne<KeyResource>().WithMany().HasForeignKey(a => a.SelectedSttKeyId).OnDelete(DeleteBehavior.Restrict);
        agent.HasOne<KeyResource>().WithMany().HasForeignKey(a => a.SelectedElevenlabsKeyId).OnDelete(DeleteBehavior.Restrict);
        agent.HasIndex(a => new { a.WorkspaceId, a.ExternalId }).IsUnique();
        agent.HasIndex(a => new { a.WorkspaceId, a.NormalizedName, a.Id });
    }
}
