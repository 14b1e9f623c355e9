using System.Security.Claims;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;

namespace KeyVaultApp.KeyAudit;

public static class KeyAuditModule
{
    /// <summary>The file, and what multipart puts around it.</summary>
    public const long LargestUpload = ReturnedPackage.LargestFile + 65_536;

    public const string WorkbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    public const string FileName = "key-audit.xlsx";

    public static IServiceCollection AddKeyAudit(this IServiceCollection services) => services
        .AddScoped<ExportKeyAudit>()
        .AddScoped<ImportKeyAudit>()
        .AddScoped<KeepUpload>()
        .AddScoped<GetUpload>()
        .AddScoped<ApplyUpload>()
        .AddScoped<CountFleet>()
        .AddScoped<PastAudits>();

    public static void MapKeyAudit(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/api/v1").WithTags("Key audit");

        audit.MapGet("key-audit.xlsx", (
            [AsParameters] ExportKeyAudit.Filter filter, ExportKeyAudit slice, HttpResponse response, ClaimsPrincipal who, CancellationToken ct) =>
            SendAsync(slice, filter, response, Actor.Of(who), ct)).RequireAuthorization(Access.PrepareAudit);

        audit.MapPost("key-audit", async (HttpRequest request, [FromQuery(Name = "dry_run")] string? dryRun, ImportKeyAudit slice, ClaimsPrincipal who, CancellationToken ct) =>
        {
            var (isDryRun, actor) = (Fields.Flag(dryRun, "dry_run"), Actor.Of(who));
            if (!isDryRun && actor.Role != Role.Admin) return Results.Forbid();
            await using var file = await FileAsync(request, ct);
            return Results.Ok(await slice.RunAsync(file, isDryRun, actor, null, ct));
        }).RequireAuthorization(Access.PrepareAudit)
            .WithMetadata(new RequestSizeLimitAttribute(LargestUpload))
            .Produces<ImportKeyAudit.Answer>()
            .AddOpenApiOperationTransformer((operation, _, _) =>
            {
                var file = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" };
                var form = new OpenApiSchema { Type = JsonSchemaType.Object, Properties = new Dictionary<string, IOpenApiSchema> { ["file"] = file } };
                operation.RequestBody = new OpenApiRequestBody { Required = true, Content = new Dictionary<string, OpenApiMediaType> { ["multipart/form-data"] = new() { Schema = form } } };
                return Task.CompletedTask;
            });
    }

    /// <summary>Streams the workbook. A refusal comes before the first byte, so that it still gets its answer.</summary>
    internal static async Task SendAsync(ExportKeyAudit slice, ExportKeyAudit.Filter filter, HttpResponse response, Actor actor, CancellationToken ct)
    {
        // The rows are written asynchronously; the few bytes that close a part of a zip are not.
        if (response.HttpContext.Features.Get<IHttpBodyControlFeature>() is { } body) body.AllowSynchronousIO = true;
        response.ContentType = WorkbookType;
        response.Headers.ContentDisposition = $"attachment; filename={FileName}";
        await slice.RunAsync(filter, response.Body, actor, null, ct);
    }

    /// <summary>The uploaded file: the framework keeps it in a temporary file of its own until the request is over.</summary>
    private static async Task<Stream> FileAsync(HttpRequest request, CancellationToken ct)
    {
        var missing = Refusal.Invalid("file", "Send the workbook as multipart/form-data, as its member file.");
        if (!request.HasFormContentType) throw missing;
        try
        {
            var form = await request.ReadFormAsync(ct);
            return (form.Files.GetFile("file") ?? throw missing).OpenReadStream();
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw missing;
        }
    }
}
