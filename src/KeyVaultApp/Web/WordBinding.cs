using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace KeyVaultApp.Web;

/// <summary>A form posts the words that JSON has, such as <c>references_with_fallback</c>; numbers of stored values are not taken.</summary>
internal sealed class WordBinding : IModelBinderProvider
{
    public IModelBinder? GetBinder(ModelBinderProviderContext context) => context.Metadata.UnderlyingOrModelType is { IsEnum: true } type
        ? (IModelBinder)Activator.CreateInstance(typeof(Of<>).MakeGenericType(type))!
        : null;

    private sealed class Of<T> : IModelBinder where T : struct, Enum
    {
        public Task BindModelAsync(ModelBindingContext bindingContext)
        {
            var given = bindingContext.ValueProvider.GetValue(bindingContext.ModelName);
            if (given == ValueProviderResult.None) return Task.CompletedTask;
            bindingContext.ModelState.SetModelValue(bindingContext.ModelName, given);
            try
            {
                bindingContext.Result = ModelBindingResult.Success(Fields.Word<T>(given.FirstValue, bindingContext.ModelName));
            }
            catch (Refusal refusal)
            {
                bindingContext.ModelState.TryAddModelError(bindingContext.ModelName, refusal.Message);
            }

            return Task.CompletedTask;
        }
    }
}
