using KeyVaultApp.Domain;
using Microsoft.AspNetCore.Identity;

namespace KeyVaultApp.Storage;

/// <summary>Somebody who signs in. It stands here and not in Domain because it is Identity's row with two columns of ours.</summary>
public sealed class User : IdentityUser<Guid>
{
    public Role Role { get; set; }

    /// <summary>Since when they may no longer sign in; what they did stays theirs.</summary>
    public DateTimeOffset? DisabledAt { get; private set; }
    public DateTimeOffset CreatedAt { get; init; }

    public bool IsDisabled => DisabledAt is not null;

    public void Disable(DateTimeOffset now) => DisabledAt ??= now;

    public void Enable() => DisabledAt = null;
}
