using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace KeyVaultApp.Web;

/// <summary>
/// A form says of an optional text what a PATCH body says: a field that is not there leaves it unchanged, an empty one clears
/// it. Other types stay unchanged; a page reads them in a form of its own, such as a date without a time.
/// </summary>
internal sealed class OptionalBinding : IModelBinderProvider
{
    public IModelBinder? GetBinder(ModelBinderProviderContext context)
    {
        var type = context.Metadata.ModelType;
        return type == typeof(Optional<string>) ? new TextBinder()
            : type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>) ? new Unchanged()
            : null;
    }

    private sealed class TextBinder : IModelBinder
    {
        public Task BindModelAsync(ModelBindingContext bindingContext)
        {
            var posted = bindingContext.ValueProvider.GetValue(bindingContext.ModelName);
            bindingContext.Result = ModelBindingResult.Success(
                posted == ValueProviderResult.None ? default : new Optional<string>(posted.FirstValue.NullIfBlank()));
            return Task.CompletedTask;
        }
    }

    private sealed class Unchanged : IModelBinder
    {
        public Task BindModelAsync(ModelBindingContext bindingContext) => Task.CompletedTask;
    }
}
