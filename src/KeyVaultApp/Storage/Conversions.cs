using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace KeyVaultApp.Storage;

/// <summary>Times are UTC in every provider, in the type that each one compares and sorts.</summary>
internal sealed class UtcDateTime() : ValueConverter<DateTimeOffset, DateTime>(
    value => value.UtcDateTime,
    value => new DateTimeOffset(DateTime.SpecifyKind(value, DateTimeKind.Utc)));
