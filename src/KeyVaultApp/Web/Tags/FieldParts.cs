using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace KeyVaultApp.Web.Tags;

/// <summary>The ids by which a label, a control, its hint and its error find each other.</summary>
public sealed record FieldParts(string Id, string? Error, string? DescribedBy)
{
    public static FieldParts Of(string name, bool hasHint, ModelStateDictionary state)
    {
        var id = $"field-{name}";
        var error = state.TryGetValue(name, out var entry) && entry.Errors.Count > 0 ? entry.Errors[0].ErrorMessage : null;
        var described = string.Join(' ', new[] { hasHint ? $"{id}-hint" : null, error is null ? null : $"{id}-error" }.OfType<string>());
        return new FieldParts(id, error, described.Length == 0 ? null : described);
    }
}
