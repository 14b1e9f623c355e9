using System.Linq.Expressions;

namespace KeyVaultApp.Domain;

/// <summary>
/// The one seam through which the product still knows that agents once held raw keys. LegacyKeys/ fills it; when that
/// folder is gone Storage/NoLegacyKeys stands here and nothing else changes.
/// </summary>
public interface ILegacyKeys
{
    /// <summary>Whether there are old columns to read from and write to.</summary>
    bool Exist { get; }

    /// <summary>
    /// The old columns as rows that a query of the main context can be composed with, so that one statement reads an agent,
    /// its phase and its legacy slots together.
    /// </summary>
    IQueryable<LegacyRow> Rows { get; }

    /// <summary>The page on which an admin makes a KeyResource of a slot's raw key; null where there is none.</summary>
    string? MakeKeyPage(Guid agentId, KeyKind kind);

    /// <summary>Counts that an old column gave an answer. Costs the caller nothing: it is written later, in batches.</summary>
    void CountRead(Guid workspaceId, Guid agentId, KeyKind kind);

    /// <summary>How often old columns gave an answer from this day on, in UTC, by day and kind. Days without any are left out.</summary>
    Task<IReadOnlyList<LegacyReadsOfDay>> ReadsSinceAsync(DateOnly first, CancellationToken ct);

    /// <summary>What the old columns of these agents hold, told without the values. Agents without any are left out.</summary>
    /// <param name="findings">Whether to tell as well what looks wrong with the values.</param>
    Task<IReadOnlyDictionary<Guid, LegacySlots>> DescribeAsync(IReadOnlyCollection<Guid> agentIds, CancellationToken ct, bool findings = false);

    /// <summary>
    /// The same for a fleet: the rows of a query in their order, each with what the old columns of its agent hold, in one
    /// statement that is read as a stream. Rows without an agent are passed on, and no old column is looked at for them.
    /// </summary>
    IAsyncEnumerable<(T Row, LegacySlots? Old)> DescribeAsync<T>(IQueryable<T> rows, Expression<Func<T, Guid?>> agentId, bool findings, CancellationToken ct);

    /// <summary>
    /// Writes the old columns of one agent in the caller's transaction; a blank secret empties one. Returns the slots whose
    /// value is another one now.
    /// </summary>
    Task<IReadOnlyCollection<KeyKind>> WriteAsync(Guid agentId, IReadOnlyDictionary<KeyKind, Secret> values, CancellationToken ct);

    /// <summary>
    /// Makes KeyResources out of legacy values that nobody sees: seals what an agent of the workspace holds into the first
    /// version of each key. Keys whose value no agent of that workspace holds any more are left out.
    /// </summary>
    Task<IReadOnlyList<KeyVersion>> SealAsync(IReadOnlyCollection<LegacyKeyOrder> orders, Actor actor, CancellationToken ct);
}

public sealed record LegacyReadsOfDay(DateOnly Day, KeyKind Kind, long Reads);

/// <summary>One agent's old columns. <c>Ref</c> members are the value in lower case where it has the hyphenated form of a UUID, else null.</summary>
public sealed class LegacyRow
{
    public Guid AgentId { get; init; }
    public string? TtsKey { get; init; }
    public string? SttKey { get; init; }
    public string? ElevenlabsKey { get; init; }
    public string? TtsKeyRef { get; init; }
    public string? SttKeyRef { get; init; }
    public string? ElevenlabsKeyRef { get; init; }

    /// <summary>1 where the column holds more than blanks, else 0: so much may be asked without reading a value.</summary>
    public int HasTtsKey { get; init; }
    public int HasSttKey { get; init; }
    public int HasElevenlabsKey { get; init; }
}

/// <summary>A legacy value told without showing it.</summary>
/// <param name="KeyId">The value where it has the form of a UUID.</param>
/// <param name="Findings">What looks wrong with it, where that was asked for. Whether a UUID is a KeyResource is not known here.</param>
public sealed record LegacySlot(Guid? KeyId, string? Last4, string Fingerprint, HygieneFindings Findings = HygieneFindings.None);

/// <summary>A key that is to get the legacy value with this fingerprint, as some agent of this workspace holds it.</summary>
/// <param name="Key">With its kind, and the provider and region that the value belongs to.</param>
public sealed record LegacyKeyOrder(KeyResource Key, Guid WorkspaceId, string Fingerprint);

public sealed record LegacySlots(Guid AgentId, IReadOnlyDictionary<KeyKind, LegacySlot> ByKind);
