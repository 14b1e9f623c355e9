using System.Linq.Expressions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace KeyVaultApp.Web;

/// <summary>A page of a list. <c>total</c> counts all that match.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, int Total, [property: System.Text.Json.Serialization.JsonPropertyName("page")] int Number, int PageSize);

/// <summary>The part of a query string that every list takes. They arrive as text so that an error can name the field.</summary>
public sealed record ListQuery(
    [property: FromQuery(Name = "page")] string? Page = null,
    [property: FromQuery(Name = "page_size")] string? PageSize = null,
    [property: FromQuery(Name = "search")] string? Search = null,
    [property: FromQuery(Name = "sort")] string? Sort = null)
{
    private const int DefaultPageSize = 50;
    private const int LargestPageSize = 200;

    public int PageNumber => Parse(Page, "page", 1, int.MaxValue / LargestPageSize, 1);

    public int Size => Parse(PageSize, "page_size", 1, LargestPageSize, DefaultPageSize);

    /// <summary>What is searched for, or null; compared with normalized names.</summary>
    public string? Needle => Fields.Text(Search, "search");

    private static int Parse(string? text, string field, int least, int most, int otherwise) =>
        string.IsNullOrEmpty(text) ? otherwise
        : int.TryParse(text, out var number) && number >= least && number <= most ? number
        : throw Refusal.Invalid(field, $"{field} must be a whole number from {least} to {most}.");
}

/// <summary>The orders a list can be asked for: <c>?sort=name</c>, descending as <c>?sort=-name</c>. Ties are broken by id.</summary>
public sealed class Sorting<T>(string standard, params (string Word, Expression<Func<T, object?>> By)[] columns)
{
    public IQueryable<T> Apply<TId>(IQueryable<T> rows, string? sort, Expression<Func<T, TId>> id)
    {
        var word = string.IsNullOrEmpty(sort) ? standard : sort;
        var descending = word.StartsWith('-');
        var column = columns.FirstOrDefault(column => column.Word == word.TrimStart('-')).By
            ?? throw Refusal.Invalid("sort", $"sort must be one of {string.Join(", ", columns.Select(column => column.Word))}, with a - in front for descending.");
        return descending ? rows.OrderByDescending(column).ThenByDescending(id) : rows.OrderBy(column).ThenBy(id);
    }
}

public static class Paging
{
    /// <summary>Counts and reads one page in SQL. The rows come ordered.</summary>
    public static async Task<Page<T>> ToPageAsync<T>(this IQueryable<T> rows, ListQuery query, CancellationToken ct)
    {
        var (number, size) = (query.PageNumber, query.Size);
        var total = await rows.CountAsync(ct);
        var items = total == 0 ? [] : await rows.Skip((number - 1) * size).Take(size).ToListAsync(ct);
        return new Page<T>(items, total, number, size);
    }
}
