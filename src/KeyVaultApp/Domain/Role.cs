namespace KeyVaultApp.Domain;

/// <summary>What somebody may do. The numbers are stored and never move.</summary>
public enum Role
{
    /// <summary>Everything but reading values.</summary>
    Admin = 1,

    /// <summary>Reads everything but values; key audit, migration, activity.</summary>
    Ops = 2,

    /// <summary>Works with the agents of their own workspaces.</summary>
    User = 3,

    /// <summary>A runtime: reads agents and their keys in its workspaces, values included. Tokens only.</summary>
    Resolver = 4,
}
