using KeyVaultApp.Domain;
using KeyVaultApp.LegacyKeys.Migration;

namespace KeyVaultApp.UnitTests.LegacyKeys;

public sealed class RunMemoryTests
{
    private const int Most = 100_000;

    private readonly RunMemory _memory = new();

    [Fact]
    public void A_key_that_the_run_made_counts_for_every_group_with_its_value()
    {
        var (first, second, other) = (Group(1, "a"), Group(2, "a"), Group(3, "b"));
        var keyId = Guid.NewGuid();
        foreach (var group in new[] { first, second, other }) _memory.Add(group.Number, group);

        _memory.AddMade((KeyKind.Tts, "a"), keyId);

        Assert.Equal([4], _memory.Missing([1, 2, 3, 4]));
        Assert.True(_memory.IsMade(second, out var made));
        Assert.Equal(keyId, made);
        Assert.False(_memory.IsMade(other, out _));
    }

    [Fact]
    public void Where_it_would_become_too_much_groups_and_keys_are_read_again()
    {
        _memory.AddMade((KeyKind.Tts, "a"), Guid.NewGuid());
        for (var number = 1; number <= Most - 2; number++) _memory.Add(number, null);
        Assert.Equal([Most], _memory.Missing([1, Most]));
        Assert.True(_memory.IsMade(Group(1, "a"), out _));

        Assert.Equal([1, 2, Most], _memory.Missing([1, 2, Most]));
        Assert.False(_memory.IsMade(Group(1, "a"), out _));
    }

    private static PlanGroup Group(int number, string fingerprint) => new()
    {
        PlanId = Guid.Empty,
        Number = number,
        WorkspaceId = Guid.Empty,
        WorkspaceName = "",
        Kind = KeyKind.Tts,
        Fingerprint = fingerprint,
        Agents = 1,
        Bucket = PlanBucket.Create,
    };
}
