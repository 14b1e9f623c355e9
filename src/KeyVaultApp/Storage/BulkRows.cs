using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace KeyVaultApp.Storage;

/// <summary>Writes many new rows past the change tracker, in the columns and the form that the model says.</summary>
public static class BulkRows
{
    private sealed record Cell(BulkColumn Column, IClrPropertyGetter Getter, ValueConverter? Converter)
    {
        public object? Of(object row) => Getter.GetClrValue(row) is { } value ? Converter is null ? value : Converter.ConvertToProvider(value) : null;
    }

    /// <summary>Call it in the transaction of the change that these belong to. Of what a row refers to, nothing is written.</summary>
    public static Task BulkInsertAsync<T>(this KeyVaultDb db, IEnumerable<T> rows, CancellationToken ct)
        where T : class
    {
        var type = db.Model.FindEntityType(typeof(T)) ?? throw new InvalidOperationException($"{typeof(T).Name} is not in the model.");
        var table = StoreObjectIdentifier.Create(type, StoreObjectType.Table)!.Value;
        Cell[] cells = [.. type.GetProperties().Select(property => CellOf(property, table))];
        BulkColumn[] columns = [.. cells.Select(cell => cell.Column)];
        return db.BulkInsertAsync(table.Name, columns, rows.Select(row => Array.ConvertAll(cells, cell => cell.Of(row))).ToAsyncEnumerable(), ct);
    }

    private static Cell CellOf(IProperty property, StoreObjectIdentifier table)
    {
        var converter = property.GetTypeMapping().Converter;
        var stored = Nullable.GetUnderlyingType(converter?.ProviderClrType ?? property.ClrType) ?? converter?.ProviderClrType ?? property.ClrType;
        return new Cell(new BulkColumn(property.GetColumnName(table)!, TypeOf(stored)), property.GetGetter(), converter);
    }

    private static BulkType TypeOf(Type stored) =>
        stored == typeof(Guid) ? BulkType.Id
        : stored == typeof(int) ? BulkType.SmallNumber
        : stored == typeof(long) ? BulkType.Number
        : stored == typeof(bool) ? BulkType.Flag
        : stored == typeof(DateTime) ? BulkType.Time
        : stored == typeof(byte[]) ? BulkType.Bytes
        : stored == typeof(string) ? BulkType.Text
        : throw new NotSupportedException($"Columns of {stored.Name} are not written in bulk.");
}
