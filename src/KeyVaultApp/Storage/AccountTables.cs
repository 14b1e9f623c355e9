using KeyVaultApp.Domain;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace KeyVaultApp.Storage;

/// <summary>Who may: users, access tokens, and what sign-in stands on.</summary>
internal static class AccountTables
{
    public static void Apply(ModelBuilder model)
    {
        model.Entity<AccessToken>(AccessTokens);
        model.Entity<AccessTokenWorkspace>(AccessTokenWorkspaces);
        model.Entity<DataProtectionKey>(DataProtectionKeys);
        model.Entity<SetUpLink>(SetUpLinks);
        Identity(model);
    }

    private static void AccessTokens(EntityTypeBuilder<AccessToken> token)
    {
        token.ToTable("access_tokens").HasKey(t => t.Id);
        token.Property(t => t.Id).ValueGeneratedNever();
        token.Property(t => t.Name).HasMaxLength(AccessToken.NameMaxLength);
        token.Property(t => t.CreatedBy).HasMaxLength(Mapping.ActorNameLength);
        token.Property(t => t.Hash).HasMaxLength(32);
        token.HasIndex(t => t.Hash).IsUnique();
        token.HasMany(t => t.Workspaces).WithOne().HasForeignKey(w => w.TokenId);
    }

    private static void AccessTokenWorkspaces(EntityTypeBuilder<AccessTokenWorkspace> scope)
    {
        scope.ToTable("access_token_workspaces").HasKey(w => new { w.TokenId, w.WorkspaceId });
        scope.HasOne<Workspace>().WithMany().HasForeignKey(w => w.WorkspaceId);
    }

    private static void DataProtectionKeys(EntityTypeBuilder<DataProtectionKey> key)
    {
        key.ToTable("data_protection_keys").HasKey(k => k.Id);
        key.Property(k => k.Id).ValueGeneratedNever();
        key.Property(k => k.Name).HasMaxLength(DataProtectionKey.NameMaxLength);
    }

    private static void SetUpLinks(EntityTypeBuilder<SetUpLink> link)
    {
        link.ToTable("set_up_links").HasKey(l => l.Id);
        link.Property(l => l.Id).ValueGeneratedNever();
        link.Property(l => l.Hash).HasMaxLength(32);
    }

    private static void Identity(ModelBuilder model)
    {
        model.Entity<User>().ToTable("users");
        model.Entity<IdentityUserClaim<Guid>>().ToTable("user_claims");
        model.Entity<IdentityUserLogin<Guid>>().ToTable("user_logins");
        model.Entity<IdentityUserToken<Guid>>().ToTable("user_tokens");
    }
}
