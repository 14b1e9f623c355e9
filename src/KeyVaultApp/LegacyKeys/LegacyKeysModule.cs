using KeyVaultApp.Cli;
using KeyVaultApp.Domain;
using KeyVaultApp.LegacyKeys;
using KeyVaultApp.LegacyKeys.Backfills;
using KeyVaultApp.LegacyKeys.Migration;

namespace KeyVaultApp;

/// <summary>Where LegacyKeys/ plugs in. Without the folder these methods are not there, and neither are the calls to them.</summary>
public static partial class KeyVaultAppBuilder
{
    static partial void AddLegacyKeys(IServiceCollection services) => services
        .AddScoped<ILegacyKeys, OldColumns>()
        .AddSingleton<Hygiene>()
        .AddScoped<DescribeOldKeys>()
        .AddScoped<SealOldKeys>()
        .AddSingleton<LegacyReads>()
        .AddSingleton<FlushLegacyReads>()
        .AddHostedService(provider => provider.GetRequiredService<FlushLegacyReads>())
        .AddScoped<ImportAgents>()
        .AddScoped<RecentFingerprints>()
        .AddScoped<Fleet>()
        .AddScoped<ShadowCheck>()
        .AddScoped<CountShadow>()
        .AddBackfills()
        .AddMakeKey()
        .AddMigration()
        .AddRuns();

    static partial void MapLegacyKeys(IEndpointRouteBuilder routes)
    {
        routes.MapBackfills();
        routes.MapMakeKey();
        routes.MapMigration();
        routes.MapRuns();
        routes.MapShadowCheck();
    }

    static partial void AddLegacyVerbs(ICollection<IVerb> verbs)
    {
        foreach (var verb in new IVerb[] { new ImportVerb(), new MakeKeyVerb(), new BackfillVerbs(), new ShadowCheckVerb() }) verbs.Add(verb);
        verbs.AddMigrationVerbs();
        verbs.AddRunVerbs();
    }
}
