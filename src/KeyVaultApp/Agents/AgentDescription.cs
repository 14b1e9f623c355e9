using KeyVaultApp.Domain;

namespace KeyVaultApp.Agents;

/// <summary>What the activity log keeps of an agent: old keys by their mask.</summary>
internal sealed record AgentDescription(
    string Name, string? ExternalId, Guid? SelectedTtsKeyId, Guid? SelectedSttKeyId, Guid? SelectedElevenlabsKeyId, string? TtsKey, string? SttKey, string? ElevenlabsKey)
{
    public static async Task<AgentDescription> OfAsync(Agent agent, ILegacyKeys legacy, CancellationToken ct)
    {
        var slots = (await legacy.DescribeAsync([agent.Id], ct)).GetValueOrDefault(agent.Id);
        string? Mask(KeyKind kind) => slots?.ByKind.GetValueOrDefault(kind) is { } slot ? $"...{slot.Last4}" : null;
        return new AgentDescription(
            agent.Name, agent.ExternalId, agent.SelectedTtsKeyId, agent.SelectedSttKeyId, agent.SelectedElevenlabsKeyId,
            Mask(KeyKind.Tts), Mask(KeyKind.Stt), Mask(KeyKind.Elevenlabs));
    }
}
