namespace KeyVaultApp.IntegrationTests.KeyResolution;

/// <summary>What an agent's slot holds, by phase, and what it has to resolve to.</summary>
/// <param name="Reference">The state of the referenced key, or <c>none</c>.</param>
/// <param name="Legacy">What the old column holds, by the names of <see cref="SlotWorld"/>.</param>
/// <param name="Answer">A source, <c>not_configured</c>, or the reason of <c>key_unavailable</c> behind the source of the name.</param>
public sealed record TableRow(string Phase, string Reference, string Legacy, string Answer)
{
    public override string ToString() => $"{Phase}, reference {Reference}, legacy {Legacy}";
}

/// <summary>Every row of the table of resolution, with every form that an old column can have.</summary>
public static class ResolutionTable
{
    private const string Reference = "reference";
    private const string LegacyReference = "legacy_reference";
    private const string NotConfigured = "not_configured";

    /// <summary>What the old column holds, and the answer it gives where it is asked.</summary>
    private static readonly (string Legacy, string Answer)[] LegacyAnswers =
    [
        ("none", NotConfigured),
        ("empty", NotConfigured),
        ("blank", NotConfigured),
        ("raw", "legacy"),
        ("short raw", "legacy"),
        ("padded raw", "legacy"),
        ("emoji raw", "legacy"),
        ("32 hex digits of a key", "legacy"),
        ("braced id of a key", "legacy"),
        ("padded id of a key", "legacy"),
        ("unknown UUID", "legacy"),
        ("36 characters", "legacy"),
        ("id of usable", LegacyReference),
        ("upper-case id of usable", LegacyReference),
        ("id of deleted", $"{LegacyReference}: deleted"),
        ("id of wrong_kind", $"{LegacyReference}: wrong_kind"),
        ("id of disabled", $"{LegacyReference}: disabled"),
        ("id of expired", $"{LegacyReference}: expired"),
        ("id of not_assigned", $"{LegacyReference}: not_assigned"),
        ("id of unreadable", $"{LegacyReference}: unreadable"),
        ("id of disabled, expired and not_assigned", $"{LegacyReference}: disabled"),
        ("id of expired and not_assigned", $"{LegacyReference}: expired"),
    ];

    private static readonly string[] SomeLegacy = ["none", "blank", "raw", "id of usable", "id of disabled"];

    /// <summary>What a reference names, and the answer it gives. None can name a deleted key: the database holds on to it.</summary>
    private static readonly (string Reference, string Answer)[] ReferenceAnswers =
    [
        ("usable", Reference),
        ("wrong_kind", $"{Reference}: wrong_kind"),
        ("disabled", $"{Reference}: disabled"),
        ("expired", $"{Reference}: expired"),
        ("not_assigned", $"{Reference}: not_assigned"),
        ("unreadable", $"{Reference}: unreadable"),
        ("disabled, expired and not_assigned", $"{Reference}: disabled"),
        ("expired and not_assigned", $"{Reference}: expired"),
    ];

    public static IReadOnlyList<TableRow> Of(string phase) => phase switch
    {
        Harness.Arranged.DirectKeys =>
            [.. from reference in new[] { "none", "usable", "disabled" } from legacy in LegacyAnswers select new TableRow(phase, reference, legacy.Legacy, legacy.Answer)],
        Harness.Arranged.WithFallback =>
        [
            .. LegacyAnswers.Select(legacy => new TableRow(phase, "none", legacy.Legacy, legacy.Answer)),
            .. WithReference(phase),
        ],
        _ =>
        [
            .. LegacyAnswers.Select(legacy => new TableRow(phase, "none", legacy.Legacy, NotConfigured)),
            .. WithReference(phase),
        ],
    };

    private static IEnumerable<TableRow> WithReference(string phase) =>
        from reference in ReferenceAnswers from legacy in SomeLegacy select new TableRow(phase, reference.Reference, legacy, reference.Answer);
}
