namespace KeyVaultApp.Domain;

/// <summary>A row that people edit: storage counts <see cref="Version"/> up at each change and refuses an edit of an older one.</summary>
public interface IVersioned
{
    int Version { get; set; }
}
