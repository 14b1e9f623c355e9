using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using KeyVaultApp.Domain;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>
/// By which a run knows that it carries out what was looked at: SHA-256 over a plan, row by row, agents by id and groups by
/// number. The same agents, keys and decisions give the same hash; which plan it is, when it was made and by whom do not count.
/// </summary>
internal sealed class PlanHash : IDisposable
{
    private const int GuidLength = 16;

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Over what was found.</summary>
    public static PlanHash OfContent() => new();

    /// <summary>Over what was found and what is decided about it.</summary>
    public static PlanHash OfDecisions(string contentHash)
    {
        var hash = new PlanHash();
        hash.Line(contentHash);
        return hash;
    }

    public void Add(PlanAgent agent)
    {
        Span<byte> bytes = stackalloc byte[GuidLength + (3 * sizeof(int))];
        agent.AgentId.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt32BigEndian(bytes[GuidLength..], agent.TtsGroup ?? 0);
        BinaryPrimitives.WriteInt32BigEndian(bytes[(GuidLength + sizeof(int))..], agent.SttGroup ?? 0);
        BinaryPrimitives.WriteInt32BigEndian(bytes[(GuidLength + (2 * sizeof(int)))..], agent.ElevenlabsGroup ?? 0);
        _hash.AppendData(bytes);
    }

    public void AddFound(IReadOnlyCollection<PlanGroup> groups)
    {
        Line($"groups {groups.Count}");
        foreach (var group in groups)
            Line($"{group.Number} {group.WorkspaceId} {(int)group.Kind} {group.Fingerprint} {group.Agents} {(int)group.Bucket} {(int?)group.Problem} {(int)group.Findings}");
    }

    /// <summary>The name comes last: it is the only part that may have blanks in it, and it has no line breaks.</summary>
    public void AddDecided(PlanGroup group) => Line($"{group.Number} {(int?)group.Action} {group.KeyId} {group.KeyName}");

    /// <returns>64 hex digits.</returns>
    public string Finish() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();

    private void Line(string line) => _hash.AppendData(Encoding.UTF8.GetBytes(line + '\n'));
}
