using System.Text.Json;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;

namespace KeyVaultApp.Web;

/// <summary>A form posts the names that the JSON body has: <c>selected_tts_key_id</c>, not SelectedTtsKeyId.</summary>
internal sealed class SnakeCaseBinding : IBindingMetadataProvider
{
    public void CreateBindingMetadata(BindingMetadataProviderContext context)
    {
        var owner = context.Key.ContainerType ?? context.Key.ParameterInfo?.Member.DeclaringType;
        if (context.Key.Name is { } name && owner is { Name: "Form" or "AgentMembers" or "ListQuery" or "Filter" or "Decision" })
            context.BindingMetadata.BinderModelName ??= JsonNamingPolicy.SnakeCaseLower.ConvertName(name);
    }
}
