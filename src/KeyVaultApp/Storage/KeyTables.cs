using KeyVaultApp.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KeyVaultApp.Storage;

/// <summary>Keys, their values and assignments, what became of them, and the data keys that seal them.</summary>
internal static class KeyTables
{
    public static void Apply(ModelBuilder model)
    {
        model.Entity<KeyResource>(Keys);
        model.Entity<KeyVersion>(KeyVersions);
        model.Entity<KeyAssignment>(KeyAssignments);
        model.Entity<KeyTest>(KeyTests);
        model.Entity<KeyTombstone>(KeyTombstones);
        model.Entity<DataKey>(DataKeys);
    }

    private static void Keys(EntityTypeBuilder<KeyResource> key)
    {
        key.ToTable("api_key_resources").HasKey(k => k.Id);
        key.Property(k => k.Id).ValueGeneratedNever();
        key.Property(k => k.Name).HasMaxLength(KeyResource.NameMaxLength);
        key.Property(k => k.NormalizedName).HasMaxLength(Mapping.NormalizedLength(KeyResource.NameMaxLength));
        key.Property(k => k.Provider).HasMaxLength(KeyResource.ProviderMaxLength);
        key.Property(k => k.Region).HasMaxLength(KeyResource.RegionMaxLength);
        key.Property(k => k.Last4).HasMaxLength(4);
        key.Property(k => k.Fingerprint).HasMaxLength(Mapping.FingerprintLength);
        key.Property(k => k.LastTestDetail).HasMaxLength(KeyTest.DetailMaxLength);
        key.Property(k => k.LastTestAsked).HasMaxLength(KeyTest.AskedMaxLength);
        key.Property(k => k.LastTestBy).HasMaxLength(Mapping.ActorNameLength);
        key.Property(k => k.Notes).HasMaxLength(KeyResource.NotesMaxLength);
        key.HasIndex(k => k.NormalizedName).IsUnique();
        key.HasIndex(k => new { k.Kind, k.Fingerprint });
        key.HasMany(k => k.Versions).WithOne().HasForeignKey(v => v.KeyId);
        key.HasMany(k => k.Assignments).WithOne().HasForeignKey(a => a.KeyId);
    }

    private static void KeyVersions(EntityTypeBuilder<KeyVersion> version)
    {
        version.ToTable("api_key_versions").HasKey(v => new { v.KeyId, v.Number });
        version.Property(v => v.Last4).HasMaxLength(4);
        version.Property(v => v.Fingerprint).HasMaxLength(Mapping.FingerprintLength);
        version.Property(v => v.Provider).HasMaxLength(KeyResource.ProviderMaxLength);
        version.Property(v => v.Region).HasMaxLength(KeyResource.RegionMaxLength);
        version.Property(v => v.CreatedBy).HasMaxLength(Mapping.ActorNameLength);
        version.HasOne<DataKey>().WithMany().HasForeignKey(v => v.DataKeyNumber).OnDelete(DeleteBehavior.Restrict);
    }

    private static void KeyAssignments(EntityTypeBuilder<KeyAssignment> assignment)
    {
        assignment.ToTable("api_key_assignments").HasKey(a => new { a.KeyId, a.WorkspaceId });
        assignment.HasOne<Workspace>().WithMany().HasForeignKey(a => a.WorkspaceId);
    }

    private static void KeyTests(EntityTypeBuilder<KeyTest> test)
    {
        test.ToTable("api_key_tests").HasKey(t => t.Id);
        test.Property(t => t.Id).ValueGeneratedNever();
        test.Property(t => t.Detail).HasMaxLength(KeyTest.DetailMaxLength);
        test.Property(t => t.Asked).HasMaxLength(KeyTest.AskedMaxLength);
        test.Property(t => t.By).HasMaxLength(Mapping.ActorNameLength);
        test.HasOne<KeyResource>().WithMany().HasForeignKey(t => t.KeyId);
        test.HasIndex(t => new { t.KeyId, t.At, t.Id });
    }

    private static void KeyTombstones(EntityTypeBuilder<KeyTombstone> tombstone)
    {
        tombstone.ToTable("api_key_tombstones").HasKey(t => t.Id);
        tombstone.Property(t => t.Id).ValueGeneratedNever();
        tombstone.Property(t => t.Name).HasMaxLength(KeyResource.NameMaxLength);
    }

    private static void DataKeys(EntityTypeBuilder<DataKey> dataKey)
    {
        dataKey.ToTable("data_keys").HasKey(k => k.Number);
        dataKey.Property(k => k.Number).ValueGeneratedNever();
        dataKey.Property(k => k.MasterKeyId).HasMaxLength(16);
    }
}
