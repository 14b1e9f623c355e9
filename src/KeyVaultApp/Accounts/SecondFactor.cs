using System.Globalization;
using KeyVaultApp.Encryption;
using KeyVaultApp.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Accounts;

/// <summary>
/// A second factor as it is kept, in rows of Identity's <c>user_tokens</c>: the secret protected, of recovery codes the hashes,
/// and the last step that a code was taken for, so that no code is taken twice (RFC 6238, 5.2).
/// </summary>
public sealed class SecondFactor(KeyVaultDb db, ProtectedText protect, TimeProvider clock)
{
    public const string ByApp = "app";
    public const string ByRecoveryCode = "recovery_code";

    private const string Provider = "KeyVaultApp";
    private const string Secret = "totp_secret";
    private const string Step = "totp_step";
    private const string Recovery = "recovery_code_";

    private DbSet<IdentityUserToken<Guid>> Rows => db.UserTokens;

    /// <returns><see cref="ByApp"/> or <see cref="ByRecoveryCode"/>, used up by it; null where the code is not good.</returns>
    public async Task<string?> TakeAsync(User user, string code, CancellationToken ct)
    {
        if (await OpenSecretAsync(user.Id, ct) is { } secret
            && OneTimeCodes.StepOf(secret, string.Concat(code.Where(char.IsAsciiDigit)), clock.GetUtcNow()) is { } step
            && await MoveOnAsync(user.Id, step, ct)) return ByApp;
        return OneTimeCodes.HashOfRecoveryCode(code) is { } hash && await Of(user.Id).Where(row => row.Name == Recovery + hash).ExecuteDeleteAsync(ct) == 1
            ? ByRecoveryCode
            : null;
    }

    public Task<int> RecoveryCodesLeftAsync(Guid userId, CancellationToken ct) => Of(userId).CountAsync(row => row.Name.StartsWith(Recovery), ct);

    /// <summary>Adds the rows to the unit of work of the caller.</summary>
    /// <param name="step">Of the code that proved the app to know the secret.</param>
    /// <returns>The recovery codes, to be shown once.</returns>
    internal IReadOnlyList<string> Add(Guid userId, string secret, long step)
    {
        Add(userId, Secret, protect.Protect(secret, Secret, userId.ToString()));
        Add(userId, Step, Text(step));
        return AddRecoveryCodes(userId);
    }

    /// <summary>New recovery codes in place of those that are left.</summary>
    internal async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(Guid userId, CancellationToken ct)
    {
        await Of(userId).Where(row => row.Name.StartsWith(Recovery)).ExecuteDeleteAsync(ct);
        return AddRecoveryCodes(userId);
    }

    internal Task RemoveAsync(Guid userId, CancellationToken ct) => Of(userId).ExecuteDeleteAsync(ct);

    private IReadOnlyList<string> AddRecoveryCodes(Guid userId)
    {
        var codes = OneTimeCodes.NewRecoveryCodes();
        foreach (var code in codes) Add(userId, Recovery + OneTimeCodes.HashOfRecoveryCode(code), null);
        return codes;
    }

    private void Add(Guid userId, string name, string? value) =>
        Rows.Add(new IdentityUserToken<Guid> { UserId = userId, LoginProvider = Provider, Name = name, Value = value });

    private IQueryable<IdentityUserToken<Guid>> Of(Guid userId) => Rows.Where(row => row.UserId == userId && row.LoginProvider == Provider);

    private async Task<string?> OpenSecretAsync(Guid userId, CancellationToken ct) =>
        protect.Open(await Of(userId).Where(row => row.Name == Secret).Select(row => row.Value).SingleOrDefaultAsync(ct), Secret, userId.ToString());

    /// <summary>In one statement: of two who send the same code side by side, one gets in.</summary>
    private async Task<bool> MoveOnAsync(Guid userId, long step, CancellationToken ct)
    {
        var text = Text(step);
        return await Of(userId).Where(row => row.Name == Step && string.Compare(row.Value, text) < 0)
            .ExecuteUpdateAsync(row => row.SetProperty(token => token.Value, text), ct) == 1;
    }

    /// <summary>As long for every step, so that text sorts as the numbers do.</summary>
    private static string Text(long step) => step.ToString("D19", CultureInfo.InvariantCulture);
}
