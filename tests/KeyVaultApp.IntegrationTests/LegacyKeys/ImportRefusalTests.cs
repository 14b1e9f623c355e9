using System.Text;
using KeyVaultApp.IntegrationTests.Harness;

namespace KeyVaultApp.IntegrationTests.LegacyKeys;

/// <summary>Files that cannot be imported: an error names line and column and repeats nothing, and nothing of the file is written.</summary>
[Collection(Alone.OnSqlite)]
public sealed class ImportRefusalTests(SqliteApp shared) : AppTests(shared)
{
    private const string Value = "sk-secret-in-a-file-1234";
    private const string Good = $"Acme,Good,g1,{Value},,";

    private static readonly Dictionary<string, (string Text, string Where)> Files = new(StringComparer.Ordinal)
    {
        ["another header"] = ($"{Csv.Header.Replace("stt_key", "key", StringComparison.Ordinal)}\n{Good}\n", "line 1, column stt_key"),
        ["a header with a column less"] = ($"workspace,name\n{Good}\n", "line 1, column external_id"),
        ["a header with a column more"] = ($"{Csv.Header},{Value}\n{Good}\n", "line 1"),
        ["no header"] = ($"{Good}\n", "line 1, column workspace"),
        ["nothing at all"] = ("", "line 1"),
        ["another separator"] = ($"{Csv.Header}\n{Good.Replace(',', ';')}\n", "line 2"),
        ["a cell less"] = ($"{Csv.Header}\n{Good}\nAcme,Bad,,{Value},\n", "line 3"),
        ["a cell more"] = ($"{Csv.Header}\n{Good}\nAcme,Bad,,,,,{Value}\n", "line 3"),
        ["no workspace"] = ($"{Csv.Header}\n{Good}\n,Bad,,{Value},,\n", "line 3, column workspace"),
        ["no name"] = ($"{Csv.Header}\n{Good}\nAcme,  ,,{Value},,\n", "line 3, column name"),
        ["a name that is too long"] = ($"{Csv.Header}\n{Good}\nAcme,{new string('n', 201)},,{Value},,\n", "line 3, column name"),
        ["a workspace that is too long"] = ($"{Csv.Header}\n{Good}\n{new string('w', 101)},Bad,,{Value},,\n", "line 3, column workspace"),
        ["an external_id that is too long"] = ($"{Csv.Header}\n{Good}\nAcme,Bad,{new string('e', 201)},{Value},,\n", "line 3, column external_id"),
        ["a key that is too long"] = ($"{Csv.Header}\n{Good}\nAcme,Bad,,,{Value}{new string('k', 4096)},\n", "line 3, column stt_key"),
        ["a control character in a name"] = ($"{Csv.Header}\n{Good}\nAcme,B\u0007d,,{Value},,\n", "line 3, column name"),
        ["a turned name"] = ($"{Csv.Header}\n{Good}\nAcme,B\u202Ed,,{Value},,\n", "line 3, column name"),
        ["a line break in a key"] = ($"{Csv.Header}\n{Good}\nAcme,Bad,,,,\"{Value}\nx\"\n", "column elevenlabs_key"),
        ["NUL bytes"] = ($"{Csv.Header}\n{Good}\nAcme,Bad,,{Value}\0,,\n", "line 3, column tts_key"),
        ["a quote that is not closed"] = ($"{Csv.Header}\n{Good}\nAcme,Bad,,\"{Value},,\nAcme,Next,,,,\n", "line 3, column tts_key"),
        ["a quote inside a cell"] = ($"{Csv.Header}\n{Good}\nAcme,Bad,,{Value}\"x,,\n", "line 3, column tts_key"),
        ["text behind a closing quote"] = ($"{Csv.Header}\n{Good}\nAcme,Bad,,\"{Value}\"x,,\n", "line 3, column tts_key"),
        ["the same row twice"] = ($"{Csv.Header}\n{Good}\n{Good}\n", "line 3, column external_id"),
    };

    public static TheoryData<string> Names => [.. Files.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Is_refused(string name) => await RefusedAsync(Encoding.UTF8.GetBytes(Files[name].Text), Files[name].Where);

    [Fact]
    public async Task Other_encodings_are_refused()
    {
        var text = $"{Csv.Header}\n{Good}\nAcme,Bäd,,{Value},,\n";
        await RefusedAsync([.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)], "line 1");
        await RefusedAsync([.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(text)], "line 1");
        await RefusedAsync(Encoding.Unicode.GetBytes(text), "line 1");
        await RefusedAsync(Encoding.Latin1.GetBytes(text), "line 3, column name");
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_told_by_its_path()
    {
        Assert.Contains("nowhere.csv", (await App.CliAsync("agents", "import", "--file", "nowhere.csv")).Expect(1).Errors, StringComparison.Ordinal);
        (await App.CliAsync("agents", "import", "--file", App.Folder)).Expect(1);
        (await App.CliAsync("agents", "import")).Expect(2);
    }

    [Fact]
    public async Task A_good_file_is_taken_with_a_byte_order_mark_and_bare_line_feeds()
    {
        var name = Unique("Marked");
        byte[] file = [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes($"{Csv.Header}\n{name},Bäd,,{Value},,")];

        (await App.ImportBytesAsync(file)).Expect(0);

        Assert.Equal(1, (await Admin.ReadAsync($"/api/v1/workspaces?search={name}")).Items().Single().GetProperty("agent_count").GetInt32());
    }

    private async Task RefusedAsync(byte[] file, string where)
    {
        var before = await App.Database.StateAsync();

        var refused = (await App.ImportBytesAsync(file)).Expect(1);

        Assert.Contains(where, refused.Errors, StringComparison.Ordinal);
        Assert.Contains("Nothing was imported", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", refused.Output + refused.Errors, StringComparison.Ordinal);
        Assert.Equal(before, await App.Database.StateAsync());
    }
}
