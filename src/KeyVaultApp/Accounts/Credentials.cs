namespace KeyVaultApp.Accounts;

/// <summary>What somebody proves himself with. MVC logs what an action is called with, and of this it logs the name only.</summary>
public abstract record Credentials
{
    public sealed override string ToString() => nameof(Credentials);
}
