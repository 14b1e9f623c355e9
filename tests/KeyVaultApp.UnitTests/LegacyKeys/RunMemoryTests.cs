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
        Assert.Equal([Most, Most + 1], _memory.Missing([1, 2, Most, Most + 1]));
        Assert.True(_memory.IsMade(Group(1, "a"), out _));

        Assert.Equal([1, Most, Most + 1, Most + 2], _memory.Missing([1, Most, Most + 1, Most + 2]));
        Assert.False(_memory.IsMade(Group(1, "a"), out _));
    }

    [Fact]
    public void Values_are_kept_within_a_limit_in_number_and_length_and_forgotten_with_the_rest()
    {
        const int mostValues = 10_000;
        _memory.AddValue(1, new Secret("one"));
        _memory.AddValue(2, new Secret(new string('x', 257)));
        Assert.Equal("one", _memory.Value(1)?.Reveal());
        _memory.AddValue(3, new Secret("three\0"));
        Assert.Null(_memory.Value(2));
        Assert.Null(_memory.Value(3));

        for (var number = 2; number <= mostValues; number++) _memory.AddValue(number, new Secret("another"));
        Assert.Equal("one", _memory.Value(1)?.Reveal());
        _memory.AddValue(1, new Secret("one"));
        Assert.Equal("another", _memory.Value(mostValues)?.Reveal());
        _memory.AddValue(mostValues + 1, new Secret("one more"));
        Assert.Null(_memory.Value(1));
        Assert.Equal("one more", _memory.Value(mostValues + 1)?.Reveal());

        _memory.Forget();
        Assert.Null(_memory.Value(mostValues + 1));
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
