namespace KeyVaultApp.Web;

/// <summary>What the storage says of a failed statement; the composition fills it in, since nothing of ours is known here.</summary>
public sealed class StorageFaults
{
    public Func<Exception, bool> IsAway { get; set; } = _ => false;

    public Func<Exception, bool> IsConflict { get; set; } = _ => false;
}
