namespace KeyVaultApp.Domain;

/// <summary>Who may do what, in one place: the authorization policies by name. Every endpoint names one of them.</summary>
public static class Access
{
    /// <summary>Changes keys, workspaces, the rollout.</summary>
    public const string Administer = "administer";

    /// <summary>Reads everything but values, in every workspace.</summary>
    public const string Oversee = "oversee";

    /// <summary>Plans migrations, runs them and rolls them back. What a plan does about a key is decided by whoever administers.</summary>
    public const string Migrate = "migrate";

    /// <summary>Downloads the key audit, and sees what a filled-in one would do.</summary>
    public const string PrepareAudit = "prepare_audit";

    /// <summary>Sees the workspaces within reach.</summary>
    public const string ReadWorkspaces = "read_workspaces";

    /// <summary>Works with the agents of the workspaces within reach.</summary>
    public const string EditAgents = "edit_agents";

    /// <summary>Reads the agents of the workspaces within reach, and the keys they may pick.</summary>
    public const string ReadAgents = "read_agents";

    /// <summary>Has the keys of agents within reach tested at their providers, without seeing them.</summary>
    public const string CheckAgents = "check_agents";

    /// <summary>Reads values: resolver tokens alone.</summary>
    public const string Resolve = "resolve";

    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Role>> Policies = new Dictionary<string, IReadOnlyList<Role>>
    {
        [Administer] = [Role.Admin],
        [Oversee] = [Role.Admin, Role.Ops],
        [Migrate] = [Role.Admin, Role.Ops],
        [PrepareAudit] = [Role.Admin, Role.Ops],
        [ReadWorkspaces] = [Role.Admin, Role.Ops, Role.User],
        [EditAgents] = [Role.Admin, Role.User],
        [ReadAgents] = [Role.Admin, Role.Ops, Role.User, Role.Resolver],
        [CheckAgents] = [Role.Admin, Role.Ops, Role.User],
        [Resolve] = [Role.Resolver],
    };
}
