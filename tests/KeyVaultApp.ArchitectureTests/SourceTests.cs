using System.Text.RegularExpressions;

namespace KeyVaultApp.ArchitectureTests;

/// <summary>Rules that only the text can tell.</summary>
public sealed partial class SourceTests : IDisposable
{
    private const int LongestFile = 300;
    private const int FewestFiles = 25;
    private const int MatchMilliseconds = 5000;

    private static readonly string[] Kinds = [".cs", ".cshtml", ".js", ".css"];
    private static readonly string[] NotOurs = ["bin", "obj", "node_modules", "lib"];

    private readonly string _planted = Directory.CreateTempSubdirectory("planted-source-").FullName;

    [Fact]
    public void No_source_file_is_longer_than_300_lines()
    {
        Plant("Keys/Long.cs", string.Concat(Enumerable.Repeat("//\n", LongestFile + 1)));
        Plant("Keys/JustRight.cs", string.Concat(Enumerable.Repeat("//\n", LongestFile)));
        Plant("Keys/obj/Generated.cs", string.Concat(Enumerable.Repeat("//\n", LongestFile + 1)));

        Holds(TooLong, "Keys/Long.cs");
    }

    [Fact]
    public void Only_the_edges_catch_every_exception()
    {
        Plant("Keys/Named.cs", "try { } catch (Exception e) { }");
        Plant("Keys/Qualified.cs", "try { } catch ( System.Exception) { }");
        Plant("Keys/Filtered.cs", "try { } catch (Exception e) when (Quiet(e)) { }");
        Plant("Keys/Bare.cs", "try { }\ncatch\n{\n}\n");
        Plant("Keys/Narrow.cs", "// never catch (Exception e)\ntry { } catch (ExceptionOfOurs e) { }");
        Plant("Web/Edge.cs", "try { } catch (Exception e) { }");
        Plant("Cli/Edge.cs", "try { } catch (Exception e) { }");
        Plant("Program.cs", "try { } catch (Exception e) { }");

        Holds(CatchesAll, "Keys/Bare.cs", "Keys/Filtered.cs", "Keys/Named.cs", "Keys/Qualified.cs");
    }

    public void Dispose() => Directory.Delete(_planted, recursive: true);

    private static Verdict TooLong(string folder) => Check(folder, (_, text) => text.Split('\n') is var lines
        && lines.Length - (lines[^1].Length == 0 ? 1 : 0) > LongestFile);

    private static Verdict CatchesAll(string folder) => Check(folder, (path, text) =>
        Path.GetExtension(path) is ".cs" or ".cshtml" && !IsEdge(path) && CatchAll().IsMatch(LineComment().Replace(text, "")));

    private static bool IsEdge(string path) =>
        path.Split('/') is [.., "Program.cs"] || path.Split('/').Intersect(["Web", "Cli"], StringComparer.Ordinal).Any();

    private static Verdict Check(string folder, Func<string, string, bool> isBroken)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(path => Kinds.Contains(Path.GetExtension(path)) && !path.Split('/').Intersect(NotOurs, StringComparer.Ordinal).Any())
            .Order(StringComparer.Ordinal)
            .ToArray();
        return new(files.Length, [.. files.Where(path => isBroken(path, File.ReadAllText(Path.Combine(folder, path))))]);
    }

    private static string SourceFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "KeyVaultApp.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("KeyVaultApp.sln is in no folder above the tests.");
        return Path.Combine(folder.FullName, "src");
    }

    private void Plant(string path, string text)
    {
        var file = Path.Combine(_planted, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private void Holds(Func<string, Verdict> rule, params string[] planted)
    {
        Assert.Equal(planted, rule(_planted).Broken);

        var verdict = rule(SourceFolder());
        Assert.True(verdict.Seen > FewestFiles, $"The rule saw only {verdict.Seen} files.");
        Assert.Empty(verdict.Broken);
    }

    /// <summary>A filter that names the types it takes is as good as naming them.</summary>
    [GeneratedRegex(@"\bcatch\s*(\(\s*(global::)?(System\s*\.\s*)?Exception\b[^)]*\)(?!\s*when\s*\(\s*\w+\s+is\s)|\{|when\b)", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex CatchAll();

    [GeneratedRegex(@"//[^\n]*", RegexOptions.ExplicitCapture, MatchMilliseconds)]
    private static partial Regex LineComment();
}
