namespace KeyVaultApp.Dashboard;

public static class DashboardModule
{
    public static IServiceCollection AddDashboard(this IServiceCollection services) => services
        .AddScoped<NeedsAttention>()
        .AddScoped<MigrationSteps>()
        .AddScoped<FirstSteps>()
        .AddScoped<ReadsOfOldColumns>()
        .AddScoped<CreateDemo>();
}
