namespace KeyVaultApp.IntegrationTests.KeyTesting;

/// <summary>
/// The providers as their vendors document them, told here a second time and apart from the product's settings. The words in
/// a key say what happens to it: <c>good</c>, <c>bad</c>, <c>slow</c> and so on.
/// </summary>
internal static class Table
{
    public sealed record Row(string Provider, string Kind, string Path, string Header, string Prefix = "", string? Extra = null, string? Region = null, int Refusal = 401, string Body = "");

    public const string InvalidKey = """{"detail":{"status":"invalid_api_key","message":"Invalid API key"}}""";
    private const string Scoped = """{"detail":{"status":"missing_permissions","message":"The API key you used is missing the permission user_read to execute this operation."}}""";

    public static readonly IReadOnlyList<Row> Rows =
    [
        new("elevenlabs", "elevenlabs", "/v1/user", "xi-api-key", Body: InvalidKey),
        new("openai", "tts", "/v1/models", "Authorization", "Bearer "),
        new("deepgram", "stt", "/v1/auth/token", "Authorization", "Token "),
        new("assemblyai", "stt", "/v2/transcript", "Authorization"),
        new("cartesia", "tts", "/voices", "Authorization", "Bearer ", Extra: "Cartesia-Version: 2024-11-13"),
        new("azure-speech", "stt", "/cognitiveservices/voices/list", "Ocp-Apim-Subscription-Key", Region: "westeurope"),
        new("google", "tts", "/v1/voices", "X-Goog-Api-Key", Refusal: 400),
        new("groq", "stt", "/openai/v1/models", "Authorization", "Bearer "),
    ];

    /// <summary>Speaks every row. A request that is not exactly what the vendor documents gets 418, which no provider's settings explain.</summary>
    public static async Task AnswerAsync(string head, Stream stream, int canary, CancellationToken ct)
    {
        var lines = head.Split("\r\n");
        var path = lines[0].Split(' ') is ["GET", var asked, "HTTP/1.1"] ? asked : "";
        if (Rows.FirstOrDefault(row => row.Path == path) is not { } row || Key(lines, row) is not { } key)
        {
            await StandIn.Respond(stream, 418, "", ct);
            return;
        }

        await (key.Split('-') switch
        {
            [_, "good", ..] => StandIn.Respond(stream, 200, "{}", ct),
            [_, "bad", ..] => StandIn.Respond(stream, row.Refusal, row.Body, ct),
            [_, "scoped", ..] => StandIn.Respond(stream, 401, Scoped, ct),
            [_, "echo", ..] => StandIn.Respond(stream, 401, Scoped.Replace("user_read", key.Split('-')[^1], StringComparison.Ordinal), ct),
            [_, "unclear", ..] => StandIn.Respond(stream, 401, """{"detail":{"status":"something_else"}}""", ct),
            [_, "garbled", ..] => StandIn.Respond(stream, 401, "<html>", ct),
            [_, "huge", ..] => StandIn.Respond(stream, 401, $$$"""{"detail":{"status":"invalid_api_key","x":"{{{new string('x', 64 * 1024)}}}"}}""", ct),
            [_, "headers", ..] => StandIn.Respond(stream, 200, "", ct, $"X-Long: {new string('x', 64 * 1024)}\r\n"),
            [_, "redirect", ..] => StandIn.Respond(stream, 302, "", ct, $"Location: http://127.0.0.1:{canary}/\r\n"),
            [_, "noise", ..] => StandIn.Write(stream, "220 mail.example ESMTP\r\n\r\n", ct),
            [_, "closed", ..] => Task.CompletedTask,
            [_, "slow", ..] => Task.Delay(Timeout.Infinite, ct),
            [_, "forbidden", ..] => StandIn.Respond(stream, 403, "", ct),
            [_, "often", ..] => StandIn.Respond(stream, 429, "", ct),
            [_, "trouble", ..] => StandIn.Respond(stream, 503, "", ct),
            _ => StandIn.Respond(stream, 418, "", ct),
        });
    }

    private static string? Key(string[] lines, Row row)
    {
        var start = $"{row.Header}: {row.Prefix}";
        var line = lines.FirstOrDefault(line => line.StartsWith(start, StringComparison.OrdinalIgnoreCase));
        return line is not null && (row.Extra is null || lines.Contains(row.Extra)) ? line[start.Length..] : null;
    }
}
