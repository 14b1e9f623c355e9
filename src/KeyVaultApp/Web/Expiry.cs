namespace KeyVaultApp.Web;

/// <summary>People give a day; what is stored is the end of that day in UTC.</summary>
public static class Expiry
{
    private static readonly TimeOnly LastSecond = new(23, 59, 59);

    public static DateTimeOffset? EndOf(DateOnly? day) => day is { } date ? new DateTimeOffset(date.ToDateTime(LastSecond), TimeSpan.Zero) : null;

    public static DateOnly? DayOf(DateTimeOffset? time) => time is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : null;
}
