// A small house of wrong-doers: every rule has to find its own here and nothing else. Names below the root of this
// folder read like names of the product (Planted.Keys.X is Keys.X).
using System.Data.Common;
using System.Linq.Expressions;
using System.Security.Cryptography;
using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.AspNetCore.Razor.Hosting;
using Microsoft.EntityFrameworkCore;

[assembly: RazorCompiledItem(typeof(AspNetCoreGeneratedDocument.Workspaces_Index), "mvc.1.0.view", "/Workspaces/Index.cshtml")]

namespace AspNetCoreGeneratedDocument
{
    internal sealed class Workspaces_Index
    {
        public KeyVaultApp.ArchitectureTests.Planted.Keys.InOrder? Model { get; init; }
    }
}

namespace KeyVaultApp.ArchitectureTests.Planted
{
    internal sealed class ComposesEverything
    {
        public LegacyKeys.ReadsRawKeys? Legacy { get; init; }
    }
}

namespace KeyVaultApp.ArchitectureTests.Planted.Encryption
{
    internal sealed class SealValues;

    internal sealed class RevealValues
    {
        public static string Reveal(Secret secret) => secret.Reveal();

        public static byte[] Hash(byte[] value) => SHA256.HashData(value);
    }
}

namespace KeyVaultApp.ArchitectureTests.Planted.KeyResolution
{
    internal sealed class MayReveal
    {
        public Encryption.RevealValues? Reveals { get; init; }

        public static Expression<Func<LegacyRow, string?>> Raw => row => row.TtsKey;
    }
}

namespace KeyVaultApp.ArchitectureTests.Planted.LegacyKeys
{
    internal sealed class ReadsRawKeys
    {
        public static string? Of(LegacyRow row) => row.SttKey;
    }
}

namespace KeyVaultApp.ArchitectureTests.Planted.Keys
{
    internal sealed class InOrder
    {
        public Encryption.SealValues? Seals { get; init; }
    }

    internal sealed class HashesByItself
    {
        public static byte[] Hash(byte[] value) => SHA256.HashData(value);
    }

    internal sealed class RevealsAsDelegate
    {
        public static Func<string> Of(Secret secret) => secret.Reveal;
    }

    internal sealed class RevealsInBackground
    {
        public static async Task<int> RunAsync(IEnumerable<Secret> secrets)
        {
            await Task.Yield();
            return secrets.Select(secret => secret.Reveal().Length).Sum();
        }
    }

    internal sealed class OpensValues
    {
        public static Type Opener => typeof(Encryption.RevealValues);
    }

    internal sealed class NamesProviderByExtension
    {
        public static DbContextOptionsBuilder Use(DbContextOptionsBuilder db) => db.UseSqlite("Data Source=:memory:");
    }

    internal sealed class NamesProvider
    {
        public static bool Is(DbException exception) => exception is Npgsql.PostgresException;
    }

    internal sealed class WritesWorkbook
    {
        public static object Make() => new ClosedXML.Excel.XLWorkbook();
    }

    internal sealed class ReadsClock
    {
        public static DateTimeOffset At => DateTimeOffset.UtcNow;

        public static DateTime Today => DateTime.Today;
    }

    internal sealed class ReadsClockInLambda
    {
        public static Func<DateTime> Clock { get; } = () => DateTime.UtcNow;
    }
}

namespace KeyVaultApp.ArchitectureTests.Planted.Agents
{
    internal sealed class ReadsRawKeysInQuery
    {
        public static IQueryable<string?> Of(ILegacyKeys legacy) => legacy.Rows.Select(row => row.ElevenlabsKey);
    }

    internal sealed class ReadsRawKeysInCode
    {
        public static bool Has(LegacyRow row) => row.TtsKey is not null;
    }

    internal sealed class ReadsOnlyReferences
    {
        public static IQueryable<string?> Of(ILegacyKeys legacy) => legacy.Rows.Select(row => row.ElevenlabsKeyRef);
    }

    internal sealed class KnowsInSignature
    {
        public static void Take(Encryption.SealValues[] values) => _ = values.Length;
    }

    internal sealed class KnowsInBody
    {
        public static string Text => nameof(KnowsInBody) + new KeyResolution.MayReveal();
    }

    internal sealed class KnowsInClosure
    {
        public static Func<object> Later(int seed) => () => new { seed, Value = new KeyResolution.MayReveal() };
    }

    internal sealed class KnowsInGenericArgument
    {
        public static Dictionary<string, List<KeyResolution.MayReveal>> Map { get; } = [];
    }

    internal sealed class KnowsInConstraint<T>
        where T : Rollout.Phases, IComparable<Cli.Verbs>;

    [Sees(typeof(LegacyKeys.ReadsRawKeys))]
    internal sealed class KnowsInAttribute;

    internal sealed class KnowsInNestedType
    {
        internal sealed class Inner : Dashboard.Tiles;
    }

    internal sealed class KnowsItsOwn
    {
        public KnowsInBody? Neighbour { get; init; }

        public Keys.InOrder? Key { get; init; }
    }

    [AttributeUsage(AttributeTargets.Class)]
    internal sealed class SeesAttribute(Type type) : Attribute
    {
        public Type Type { get; } = type;
    }
}

namespace KeyVaultApp.ArchitectureTests.Planted.Domain
{
    internal sealed class KnowsStorage
    {
        public KeyVaultDb? Db { get; init; }
    }

    internal sealed class KnowsEf
    {
        public DbContext? Db { get; init; }
    }

    internal sealed class KnowsWeb
    {
        public static bool IsGet(Microsoft.AspNetCore.Http.HttpContext http) => http.Request.Method == "GET";
    }
}

namespace KeyVaultApp.ArchitectureTests.Planted.Rollout
{
    internal class Phases;

    internal sealed class KnowsComposition
    {
        public ComposesEverything? All { get; init; }
    }
}

namespace KeyVaultApp.ArchitectureTests.Planted.Cli
{
    internal sealed class Verbs
    {
        public Keys.InOrder? Key { get; init; }
    }

    internal sealed class KnowsLegacy
    {
        public LegacyKeys.ReadsRawKeys? Legacy { get; init; }
    }
}

namespace KeyVaultApp.ArchitectureTests.Planted.Migrations.Sqlite
{
    internal sealed class KnowsStorageOnly
    {
        public KeyVaultDb? Db { get; init; }
    }

    internal sealed class KnowsKeys
    {
        public Keys.InOrder? Key { get; init; }
    }
}

namespace KeyVaultApp.ArchitectureTests.Planted.Dashboard
{
    internal class Tiles;

    internal sealed class TileService;

    internal sealed class TileRepository<T>
    {
        public T? Tile { get; init; }
    }

    internal sealed class Outer
    {
        internal sealed class TileDto;

        internal sealed class Tile;
    }
}

namespace KeyVaultApp.ArchitectureTests.Planted.Cupboard
{
    internal sealed class StandsNowhere;
}
