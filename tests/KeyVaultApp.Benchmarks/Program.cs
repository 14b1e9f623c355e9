using KeyVaultApp.Benchmarks;

// Run by hand, in Release: dotnet run -c Release --project tests/KeyVaultApp.Benchmarks -- key-audit | migration [--long]
IReadOnlyList<IScenario> scenarios = [new KeyAuditScenario(), new MigrationScenario()];

if (args is [var name, .. var rest] && scenarios.FirstOrDefault(scenario => scenario.Name == name) is { } chosen)
    return await chosen.RunAsync(rest);

Console.Error.WriteLine($"usage: {string.Join(" | ", scenarios.Select(scenario => scenario.Name))} [--long]");
return 2;
