using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Razor;

namespace KeyVaultApp.Web;

/// <summary>Views stand in the folder of their controller, as its namespace says, and the controllers of one folder share them.</summary>
internal sealed class ViewsBesideControllers : IViewLocationExpander
{
    private const string Folder = "folder";

    private static readonly string Root = $"{nameof(KeyVaultApp)}.";

    public void PopulateValues(ViewLocationExpanderContext context)
    {
        if (context.ActionContext.ActionDescriptor is ControllerActionDescriptor action)
            context.Values[Folder] = action.ControllerTypeInfo.Namespace?.Replace(Root, "", StringComparison.Ordinal).Replace('.', '/');
    }

    public IEnumerable<string> ExpandViewLocations(ViewLocationExpanderContext context, IEnumerable<string> viewLocations) =>
        context.Values.TryGetValue(Folder, out var folder) && folder is not null ? viewLocations.Prepend($"/{folder}/{{0}}.cshtml") : viewLocations;
}
