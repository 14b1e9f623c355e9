using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace KeyVaultApp.Web;

/// <summary>A time in a form is UTC where it names no offset, on every machine, as in a query string.</summary>
internal sealed class UtcTimeBinding : IModelBinderProvider, IModelBinder
{
    public IModelBinder? GetBinder(ModelBinderProviderContext context) => context.Metadata.UnderlyingOrModelType == typeof(DateTimeOffset) ? this : null;

    public Task BindModelAsync(ModelBindingContext bindingContext)
    {
        var name = bindingContext.ModelName;
        try
        {
            bindingContext.Result = ModelBindingResult.Success(Fields.Time(bindingContext.ValueProvider.GetValue(name).FirstValue, name));
        }
        catch (Refusal refusal)
        {
            bindingContext.ModelState.AddModelError(name, refusal.Message);
        }

        return Task.CompletedTask;
    }
}
