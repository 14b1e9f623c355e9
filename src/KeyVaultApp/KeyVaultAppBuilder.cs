using KeyVaultApp.Accounts;
using KeyVaultApp.Activity;
using KeyVaultApp.Agents;
using KeyVaultApp.Cli;
using KeyVaultApp.Dashboard;
using KeyVaultApp.Encryption;
using KeyVaultApp.KeyAudit;
using KeyVaultApp.KeyResolution;
using KeyVaultApp.Keys;
using KeyVaultApp.KeyTesting;
using KeyVaultApp.Rollout;
using KeyVaultApp.Storage;
using KeyVaultApp.Web;
using KeyVaultApp.Workspaces;

namespace KeyVaultApp;

/// <summary>Puts the product together: one line a folder. LegacyKeys/ adds itself through the partial methods, while it is there.</summary>
public static partial class KeyVaultAppBuilder
{
    /// <summary>The app as every verb uses it.</summary>
    /// <param name="settings">Settings from the command line, as <c>--Section:Key=value</c>; they win over files and environment.</param>
    public static WebApplication Build(string[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(KeyVaultAppBuilder).Assembly.GetName().Name,
            Args = settings,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Configuration.AddShippedProviders();
        builder.WebHost.UseStaticWebAssets();
        builder.Host.UseDefaultServiceProvider(provider => provider.ValidateOnBuild = provider.ValidateScopes = true);
        builder.AddLogs();

        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddProxy(builder.Configuration);
        AddLegacyKeys(services);
        services.AddStorage(builder.Configuration);
        services.AddEncryption(builder.Configuration);
        services.AddWeb();
        services.Configure<StorageFaults>(faults => (faults.IsAway, faults.IsConflict) = (Faults.IsAway, Faults.IsConflict));
        services.AddActivity();
        services.AddAccounts();
        services.AddWorkspaces();
        services.AddKeys();
        services.AddRollout();
        services.AddAgents();
        services.AddKeyResolution();
        services.AddKeyTesting(builder.Configuration);
        services.AddKeyAudit();
        services.AddDashboard();

        return builder.Build();
    }

    /// <summary>Adds what the app answers to. Verbs that do not serve are spared it, as it takes a while.</summary>
    public static void Map(WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseWeb();
        app.UseAuthentication();
        app.UseFirstStart();
        app.UseAuthorization();
        app.UseAntiforgeryForCookies();
        app.UseApiPage();
        app.MapHealth();
        app.MapActivity();
        app.MapWorkspaces();
        app.MapKeys();
        app.MapRollout();
        app.MapAgents();
        app.MapKeyResolution();
        app.MapKeyTesting();
        app.MapKeyAudit();
        MapLegacyKeys(app);
        app.MapOpenApi().AllowAnonymous();
        app.MapPanel();
    }

    public static CommandLine CommandLine(string[] args)
    {
        List<IVerb> verbs =
            [new ServeVerb(Map), new DbVerbs(), new KeyringVerbs(), new UserVerbs(), new TokenVerbs(), new AgentVerbs(), new RolloutVerbs(), new AuditVerbs(), new DemoVerb()];
        AddLegacyVerbs(verbs);
        return new CommandLine(args, Build, verbs);
    }

    static partial void AddLegacyKeys(IServiceCollection services);

    static partial void MapLegacyKeys(IEndpointRouteBuilder routes);

    static partial void AddLegacyVerbs(ICollection<IVerb> verbs);
}
