using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.KeyAudit;

/// <summary>The workbook out and back over HTTP.</summary>
internal static class Audits
{
    public static async Task<Workbook> DownloadAuditAsync(this Api api, Guid? workspace = null)
    {
        var answer = await api.GetAsync($"/api/v1/key-audit.xlsx{(workspace is { } id ? $"?workspace_id={id}" : "")}");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", answer.Content.Headers.ContentType?.MediaType);
        return new Workbook(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    public static Task<HttpResponseMessage> UploadAuditAsync(this Api api, Workbook workbook, bool dryRun = false) => api.UploadAuditAsync(workbook.ToBytes(), dryRun);

    public static async Task<HttpResponseMessage> UploadAuditAsync(this Api api, byte[] file, bool dryRun = false)
    {
        using var form = new MultipartFormDataContent { { new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("application/octet-stream") } }, "file", "key-audit.xlsx" } };
        return await api.Http.PostAsync($"/api/v1/key-audit{(dryRun ? "?dry_run=true" : "")}", form, TestContext.Current.CancellationToken);
    }

    /// <summary>What a refusal says of each place.</summary>
    public static IReadOnlyList<string> Problems(this JsonElement answer) => [.. answer.GetProperty("problems").EnumerateArray()
        .Select(problem => $"{problem.Text("sheet")}!{problem.Text("column")[..1]}{problem.GetProperty("row").GetInt32()} {problem.Text("message")}")];

    public static (int Created, int Assigned, int Unchanged, int Left, int Problems) Counts(this JsonElement answer) => (
        answer.GetProperty("created").GetArrayLength(), answer.GetProperty("assigned").GetArrayLength(),
        answer.GetProperty("unchanged").GetInt32(), answer.GetProperty("left").GetInt32(), answer.GetProperty("problem_count").GetInt32());

    public static Func<IReadOnlyDictionary<string, string>, bool> KeyOf(string workspace, string? kind = null, string? last4 = null) => row =>
        row["Workspace"] == workspace && (kind is null || row["Kind"] == kind) && (last4 is null || row["Value"] == $"...{last4}");
}
