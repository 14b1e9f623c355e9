using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Web;

/// <summary>What bodies can name: two workspaces, two keys and an agent that uses the first in the first and has a raw key for stt.</summary>
public sealed record BodyWorld(Guid Workspace, Guid Other, Guid Key, Guid Spare, Guid Foreign, Guid Agent)
{
    public static async Task<BodyWorld> CreateAsync(Api admin)
    {
        var (workspace, other) = ((await admin.AddWorkspaceAsync()).Id(), (await admin.AddWorkspaceAsync()).Id());
        var key = await admin.AddKeyToAsync(workspace);
        return new BodyWorld(
            workspace, other, key, await admin.AddKeyToAsync(workspace), await admin.AddKeyToAsync(other),
            (await admin.AddAgentAsync(workspace, ("selected_tts_key_id", key), ("stt_key", Fresh.Value()))).Id());
    }
}
