using Microsoft.AspNetCore.Mvc.ApplicationModels;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace KeyVaultApp.Web;

/// <summary>What the address names is read from the address alone. The framework would look into the form first, and find there what somebody planted.</summary>
internal sealed class AddressBinding : IActionModelConvention
{
    public void Apply(ActionModel action)
    {
        var templates = action.Selectors.Concat(action.Controller.Selectors).Select(selector => selector.AttributeRouteModel?.Template).OfType<string>().ToList();
        foreach (var parameter in action.Parameters.Where(parameter => parameter.BindingInfo?.BindingSource is null && templates.Exists(template => Names(template, parameter.Name))))
            (parameter.BindingInfo ??= new BindingInfo()).BindingSource = BindingSource.Path;
    }

    private static bool Names(string template, string parameter) =>
        template.Contains($"{{{parameter}}}", StringComparison.Ordinal) || template.Contains($"{{{parameter}:", StringComparison.Ordinal);
}
