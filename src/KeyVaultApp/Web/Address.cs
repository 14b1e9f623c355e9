using Microsoft.AspNetCore.Http.Extensions;

namespace KeyVaultApp.Web;

public static class Address
{
    /// <summary>This page's own address with some fields of its query changed; null takes one out. The state of a list lives there.</summary>
    public static string With(HttpRequest request, params (string Name, string? Value)[] changes)
    {
        var query = new QueryBuilder();
        foreach (var (name, values) in request.Query.Where(field => changes.All(change => change.Name != field.Key)))
            foreach (var value in values.OfType<string>().Where(value => value.Length > 0))
                query.Add(name, value);
        foreach (var (name, value) in changes)
            if (!string.IsNullOrEmpty(value))
                query.Add(name, value);
        return request.Path + query.ToString();
    }
}
