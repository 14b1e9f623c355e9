using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace KeyVaultApp.Web;

/// <summary>What the OpenAPI document says beyond what the routes tell by themselves.</summary>
internal static class ApiDocument
{
    private const string Bearer = "Bearer";

    public static void Describe(OpenApiOptions api)
    {
        // A slice's nested types are all called Form, Row and Answer: their slice's name tells them apart.
        api.CreateSchemaReferenceId = type => type.Type is { IsNested: true, IsGenericType: false } nested
            ? nested.DeclaringType!.Name + nested.Name
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        api.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "KeyVaultApp";
            document.Info.Description = "Errors are problem details (RFC 9457) with a stable code and a trace_id. Tokens are made on the command line or in the settings.";
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
            document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" };
            document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Bearer, document)] = [] }];
            return Task.CompletedTask;
        });
    }
}
