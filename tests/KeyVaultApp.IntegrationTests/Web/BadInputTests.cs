using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.Web;

/// <summary>
/// Every field of every body in every wrong form: a 4xx problem that names the field, repeats nothing, and leaves the
/// database as it was. Alone, so that nobody else writes meanwhile.
/// </summary>
public abstract class BadInputTests(SharedApp shared) : AppTests(shared)
{
    public static TheoryData<string> Operations => [.. BodyCases.All.Select(operation => operation.Name)];

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Every_wrong_field_is_named_and_nothing_is_written(string name)
    {
        var operation = Of(name);
        var world = await BodyWorld.CreateAsync(Admin);
        var state = await App.Database.StateAsync();
        var wrong = new List<string>();
        foreach (var field in operation.Fields)
        {
            foreach (var (how, value) in BadValues.Of(field, world))
            {
                var body = operation.Valid(world);
                body[field.Name] = value;
                await RefuseAsync(operation, world, body.ToJsonString(), field.Name, $"{field.Name} as {how}", wrong);
            }

            var without = operation.Valid(world);
            if (field.IsRequired && without.Remove(field.Name))
                await RefuseAsync(operation, world, without.ToJsonString(), field.Name, $"without {field.Name}", wrong);
            if (BadValues.TakesText(field))
                await RefuseAsync(operation, world, With(operation, world, $"\"{field.Name}\":\"{BadValues.Mark}\\ud800\""), field.Name, $"{field.Name} with half a pair", wrong);
            if (state != (state = await App.Database.StateAsync())) wrong.Add($"{field.Name}: something was written");
        }

        Assert.True(wrong is [], string.Join('\n', wrong));
        await AssertTakesAsync(operation, world);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Unknown_and_duplicate_members_are_named(string name)
    {
        var operation = Of(name);
        var world = await BodyWorld.CreateAsync(Admin);
        var state = await App.Database.StateAsync();
        var wrong = new List<string>();
        foreach (var unknown in new[] { "id", "role", "sealed", "is_admin", "created_at" })
            await RefuseAsync(operation, world, With(operation, world, $"\"{unknown}\":\"{BadValues.Mark}\""), unknown, unknown, wrong);
        foreach (var field in operation.Valid(world).Select(member => member.Key))
            await RefuseAsync(operation, world, Twice(operation, world, field), field, $"{field} twice", wrong);
        // What looks like none of our names may be a key in the wrong place.
        await RefuseAsync(operation, world, With(operation, world, $"\"{BadValues.Mark}\":1"), null, "a key as a name", wrong);

        Assert.True(wrong is [], string.Join('\n', wrong));
        Assert.Equal(state, await App.Database.StateAsync());
        await AssertTakesAsync(operation, world);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task A_body_that_is_no_object_of_ours_is_refused(string name)
    {
        var operation = Of(name);
        var world = await BodyWorld.CreateAsync(Admin);
        var state = await App.Database.StateAsync();
        var wrong = new List<string>();
        string[] bodies =
        [
            "[]", "7", $"\"{BadValues.Mark}\"", "{", $"{{\"name\":\"{BadValues.Mark}", $"{BadValues.Mark}", "{,}", "{}{}", "\u0000", $"// {BadValues.Mark}\n{{}}",
            Deep("name"), Deep(operation.Fields[0].Name), string.Concat(Enumerable.Repeat("[", 100)),
        ];
        foreach (var body in bodies) await RefuseAsync(operation, world, body, null, body.Length > 30 ? body[..30] : body, wrong);

        Assert.True(wrong is [], string.Join('\n', wrong));
        Assert.Equal(state, await App.Database.StateAsync());
    }

    private static Operation Of(string name) => BodyCases.All.Single(operation => operation.Name == name);

    private static string Deep(string member) =>
        $"{{\"{member}\":{string.Concat(Enumerable.Repeat("{\"a\":", 100))}\"{BadValues.Mark}\"{new string('}', 101)}";

    /// <summary>The valid body with one more member behind the others.</summary>
    private static string With(Operation operation, BodyWorld world, string member)
    {
        var valid = operation.Valid(world);
        valid.Remove(member.Split('"')[1]);
        var json = valid.ToJsonString();
        return json == "{}" ? $"{{{member}}}" : $"{json[..^1]},{member}}}";
    }

    private static string Twice(Operation operation, BodyWorld world, string member)
    {
        var valid = operation.Valid(world);
        return $"{valid.ToJsonString()[..^1]},\"{member}\":{valid[member]?.ToJsonString() ?? "null"}}}";
    }

    private async Task RefuseAsync(Operation operation, BodyWorld world, string body, string? field, string how, List<string> wrong)
    {
        using var answer = await Admin.SendTextAsync(operation.Method, operation.Path(world), body);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var isProblem = answer.Content.Headers.ContentType?.MediaType == "application/problem+json";
        if ((int)answer.StatusCode is < 400 or >= 500 || !isProblem) wrong.Add($"{how}: {(int)answer.StatusCode} {text}");
        else if (field is not null && !Names(text, field)) wrong.Add($"{how}: does not name {field}: {text}");
        if (text.Contains(BadValues.Mark, StringComparison.Ordinal)) wrong.Add($"{how}: repeats what was sent: {text}");
    }

    private static bool Names(string problem, string field)
    {
        using var json = JsonDocument.Parse(problem);
        return json.RootElement.TryGetProperty("errors", out var errors) && errors.TryGetProperty(field, out var messages) && messages.GetArrayLength() > 0;
    }

    /// <summary>The body that every wrong one was made from is right.</summary>
    private async Task AssertTakesAsync(Operation operation, BodyWorld world)
    {
        var before = await App.Database.StateAsync();
        JsonObject body = operation.Valid(world);
        using var answer = await Admin.SendTextAsync(operation.Method, operation.Path(world), body.ToJsonString());
        await answer.ReadAsync(answer.StatusCode == HttpStatusCode.Created ? HttpStatusCode.Created : HttpStatusCode.OK);
        Assert.Equal(operation.Writes, before != await App.Database.StateAsync());
    }

    [Collection(Alone.OnSqlite)]
    public sealed class OnSqlite(SqliteApp app) : BadInputTests(app);

    [Collection(Alone.OnPostgreSql)]
    public sealed class OnPostgreSql(PostgreSqlApp app) : BadInputTests(app);

    [Collection(Alone.OnSqlServer)]
    public sealed class OnSqlServer(SqlServerApp app) : BadInputTests(app);
}
