using System.Text;
using KeyVaultApp.Domain;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Storage;

/// <summary>The model: its tables by area, and what holds for all of them.</summary>
internal static class Mapping
{
    public const int FingerprintLength = 64;
    public const int ActorNameLength = 256;

    public static void Apply(ModelBuilder model)
    {
        AgentTables.Apply(model);
        KeyTables.Apply(model);
        AccountTables.Apply(model);
        RunningTables.Apply(model);
        MigrationTables.Apply(model);
        foreach (var entity in model.Model.GetEntityTypes())
        {
            if (typeof(IVersioned).IsAssignableFrom(entity.ClrType))
                entity.FindProperty(nameof(IVersioned.Version))!.IsConcurrencyToken = true;
            foreach (var property in entity.GetProperties())
                property.SetColumnName(SnakeCase(property.Name));
        }
    }

    /// <summary>Composing (NFC) writes a character as three at the most: https://unicode.org/reports/tr15/, table 8.</summary>
    public static int NormalizedLength(int length) => length * 3;

    private static string SnakeCase(string name)
    {
        var snake = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsUpper(name[i]) && !char.IsUpper(name[i - 1])) snake.Append('_');
            snake.Append(char.ToLowerInvariant(name[i]));
        }

        return snake.ToString();
    }
}
