using KeyVaultApp.Web;

namespace KeyVaultApp.Cli;

internal static class EveryPage
{
    private const string LargestPage = "200";

    /// <summary>All rows of a list that is read in pages.</summary>
    public static async Task<IReadOnlyList<T>> OfAsync<T>(Func<ListQuery, Task<Page<T>>> list)
    {
        var rows = new List<T>();
        for (var number = 1; ; number++)
        {
            var page = await list(new ListQuery(Page: number.ToString(), PageSize: LargestPage));
            rows.AddRange(page.Items);
            if (page.Items.Count < page.PageSize) return rows;
        }
    }
}
