using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace KeyVaultApp.BrowserTests;

/// <summary>
/// Every page that links lead to, found by following them: whatever is added is looked at as well. A class for each way of
/// looking, so that they look at once.
/// </summary>
public abstract partial class EveryPageTests(Fleet fleet, ColorScheme theme, int width)
{
    /// <summary>Of each page (an agent, a key, a list) so many are looked at, each under filters of its own.</summary>
    private const int OfOnePage = 3;

    private const int WideWindow = 1280;

    private const int NarrowWindow = 320;

    private const int LargestPage = 200 * 1024;

    [Fact]
    public async Task Page_FollowedFromTheDashboard_IsAccessibleQuietLightAndFits()
    {
        await using var visitor = await fleet.VisitAsync(theme: theme, width: width);
        var problems = new List<string>();
        var seen = await CrawlAsync(visitor, async path =>
        {
            problems.AddRange(await visitor.OverflowAsync());
            if (await visitor.Page.Locator("h1").CountAsync() != 1) problems.Add($"{path} has not one h1.");
            if (await WeightAsync(visitor) > LargestPage) problems.Add($"{path} and what it loads are over {LargestPage} bytes compressed.");
            if (!(await visitor.Page.TitleAsync()).Contains("KeyVaultApp")) problems.Add($"{path} has no title of its own.");
            // In the narrow window as it comes, in the wide ones with all that opens.
            if (width > NarrowWindow) await visitor.OpenAllAsync();
            else await OpenNavigationAsync(visitor);
            problems.AddRange(await visitor.AxeAsync());
        });

        Assert.True(seen.Count >= 15, $"Only {seen.Count} pages were found: {string.Join(' ', seen)}");
        Assert.True(problems.Count + visitor.Faults.Count == 0, string.Join('\n', problems.Concat(visitor.Faults)));
    }

    /// <summary>The navigation is a dialog there. Every page has the same, so it is opened on one.</summary>
    private static async Task OpenNavigationAsync(Visitor visitor)
    {
        if (new Uri(visitor.Page.Url).AbsolutePath != "/keys") return;
        await visitor.PressAsync("Menu");
        await Assertions.Expect(visitor.Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
    }

    private static async Task<long> WeightAsync(Visitor visitor)
    {
        var bytes = await visitor.Page.EvaluateAsync<long>(
            "() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].reduce((sum, entry) => sum + entry.encodedBodySize, 0)");
        Assert.True(bytes > 0, $"{visitor.Page.Url} reported no size.");
        return bytes;
    }

    private static async Task<IReadOnlyCollection<string>> CrawlAsync(Visitor visitor, Func<string, Task> look)
    {
        var seen = new HashSet<string>();
        var filtered = new HashSet<string>();
        var pages = new Dictionary<string, int>();
        var ahead = new Queue<string>(["/"]);
        while (ahead.TryDequeue(out var path))
        {
            if (!seen.Add(path)) continue;
            await visitor.GoAsync(path);
            await look(path);
            foreach (var link in await visitor.Page.EvaluateAsync<string[]>(
                "() => [...document.querySelectorAll('a[href]:not([download])')].filter(a => a.origin === location.origin).map(a => a.pathname + a.search)"))
            {
                if (seen.Contains(link) || IsNoPage(link)) continue;
                var shape = Variable().Replace(link, "*");
                var page = shape.Split('?')[0];
                if (!filtered.Add(shape) || pages.GetValueOrDefault(page) == OfOnePage) continue;
                pages[page] = pages.GetValueOrDefault(page) + 1;
                ahead.Enqueue(link);
            }
        }

        return seen;
    }

    /// <summary>The API page has a policy of its own, and files are no pages.</summary>
    private static bool IsNoPage(string link) => link.StartsWith("/docs/api") || link.StartsWith("/openapi") || link.Contains("/export");

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}|=[^&]*|(?<=/items/)[0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Variable();

    public sealed class Light(Fleet fleet) : EveryPageTests(fleet, ColorScheme.Light, WideWindow);

    public sealed class Dark(Fleet fleet) : EveryPageTests(fleet, ColorScheme.Dark, WideWindow);

    public sealed class Narrow(Fleet fleet) : EveryPageTests(fleet, ColorScheme.Light, NarrowWindow);
}
