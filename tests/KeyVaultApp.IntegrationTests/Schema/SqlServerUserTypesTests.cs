using Mono.Cecil;

namespace KeyVaultApp.IntegrationTests.Schema;

/// <summary>
/// SqlClient loads Microsoft.SqlServer.Server at run time, at the first command with a parameter. Ours stands in for it, so
/// it must hold every type and member that SqlClient refers to.
/// </summary>
public sealed class SqlServerUserTypesTests
{
    private const string Ours = "Microsoft.SqlServer.Server";

    [Fact]
    public void Every_type_and_member_that_SqlClient_refers_to_exists()
    {
        using var client = AssemblyDefinition.ReadAssembly(ClientFile());
        using var ours = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, $"{Ours}.dll"));

        Assert.Equal(new Version(1, 0, 0, 0), ours.Name.Version);
        Assert.Equal(4, Wanted(client.MainModule).OfType<TypeReference>().Count());
        Assert.Empty(Missing(client.MainModule, ours.MainModule));
    }

    [Fact]
    public void A_member_or_type_that_is_not_there_is_named()
    {
        using var client = AssemblyDefinition.ReadAssembly(ClientFile());
        using var ours = AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, $"{Ours}.dll"));
        var serialize = ours.MainModule.GetType($"{Ours}.IBinarySerialize");
        serialize.Methods.Remove(serialize.Methods.Single(method => method.Name == "Write"));
        ours.MainModule.Types.Remove(ours.MainModule.GetType($"{Ours}.Format"));

        var missing = Missing(client.MainModule, ours.MainModule);

        Assert.Contains($"System.Void {Ours}.IBinarySerialize::Write(System.IO.BinaryWriter)", missing);
        Assert.Contains($"{Ours}.Format", missing);
    }

    /// <summary>The one that runs here; the one beside the tests only throws.</summary>
    private static string ClientFile() => Directory
        .GetFiles(Path.Combine(AppContext.BaseDirectory, "runtimes", OperatingSystem.IsWindows() ? "win" : "unix"), "Microsoft.Data.SqlClient.dll", SearchOption.AllDirectories)
        .Single();

    private static string[] Missing(ModuleDefinition client, ModuleDefinition ours)
    {
        var there = ours.GetTypes()
            .SelectMany(type => type.Methods.Select(method => method.FullName).Concat(type.Fields.Select(field => field.FullName)).Prepend(type.FullName))
            .ToHashSet(StringComparer.Ordinal);
        return [.. Wanted(client).Select(wanted => wanted.FullName).Where(name => !there.Contains(name))];
    }

    private static IEnumerable<MemberReference> Wanted(ModuleDefinition client) =>
        client.GetTypeReferences().Where(IsOurs).Concat<MemberReference>(client.GetMemberReferences().Where(member => IsOurs(member.DeclaringType)));

    private static bool IsOurs(TypeReference type) => type.GetElementType().Scope is AssemblyNameReference { Name: Ours };
}
