using System.Globalization;
using KeyVaultApp;

// Numbers, dates and comparisons are the same on every machine.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.DefaultThreadCurrentUICulture = CultureInfo.InvariantCulture;

return await KeyVaultAppBuilder.CommandLine(args).RunAsync();
