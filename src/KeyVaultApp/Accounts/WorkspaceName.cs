namespace KeyVaultApp.Accounts;

/// <summary>A workspace that a user or a token reaches.</summary>
public sealed record WorkspaceName(Guid Id, string Name);
