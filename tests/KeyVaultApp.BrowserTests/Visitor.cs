using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace KeyVaultApp.BrowserTests;

/// <summary>Somebody at the panel. What a page must never do is kept in <see cref="Faults"/>.</summary>
public sealed class Visitor : IAsyncDisposable
{
    /// <summary>A report of the browser itself, whatever it prints: it says which rule was broken by what.</summary>
    private const string ReportViolations =
        "document.addEventListener('securitypolicyviolation', (e) => policyViolated(`${e.violatedDirective} by ${e.blockedURI || e.sourceFile} ${e.sample}`))";

    /// <summary>All that a page can open is open at once: menus, details, pickers.</summary>
    private const string OpenAll =
        """
        () => {
          document.querySelectorAll('details').forEach((details) => { details.open = true; });
          document.querySelectorAll('[data-bs-toggle="dropdown"]').forEach((button) => bootstrap.Dropdown.getOrCreateInstance(button).show());
          const pickers = [...document.querySelectorAll('select.tomselected')];
          pickers.forEach((select) => select.tomselect.open());
          return [document.querySelectorAll('.dropdown-menu.show').length, document.querySelectorAll('.ts-dropdown').length, pickers.length];
        }
        """;

    private const string Wider =
        """
        () => [document.documentElement, ...document.querySelectorAll('.list, .tabs, .panel')]
          .filter((part) => part.scrollWidth > part.clientWidth + (part === document.documentElement ? 0 : 2))
          .map((part) => `${part.tagName} ${part.className} ${part.scrollWidth} > ${part.clientWidth}`)
        """;

    private const string Loaded = "() => document.readyState === 'complete' || new Promise((loaded) => addEventListener('load', () => loaded(true), { once: true }))";

    /// <summary>Run on the page itself: the library's own way opens another page each time.</summary>
    private const string RunAxe = "() => axe.run().then((result) => result.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html).join(' | ')}`))";

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    private readonly List<string> _faults = [];
    private readonly IBrowserContext _context;

    private Visitor(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            // A refused form is a 400 that the page itself explains; responses are looked at below.
            if (message.Type is "error" or "warning" && !(MayRefuse && message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal)))
                _faults.Add($"{page.Url}: console {message.Type}: {message.Text}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400 && !(MayRefuse && response.Request.Method == "POST" && response.Status < 500)) _faults.Add($"{page.Url}: {response.Status} of {response.Url}");
        };
        page.RequestFailed += (_, request) =>
        {
            // Going on before a page has all its files is no fault of the page.
            if (request.Failure != "net::ERR_ABORTED") _faults.Add($"{page.Url}: {request.Url}: {request.Failure}");
        };
        page.PageError += (_, error) => _faults.Add($"{page.Url}: {error}");
        page.Dialog += (_, dialog) =>
        {
            _faults.Add($"{page.Url}: dialog {dialog.Message}");
            _ = dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Whether forms are sent that shall come back with their errors.</summary>
    public bool MayRefuse { get; set; }

    public static async Task<Visitor> ComeAsync(IBrowserContext context)
    {
        var visitor = new Visitor(context, await context.NewPageAsync());
        await visitor.Page.ExposeFunctionAsync("policyViolated", (string report) => visitor._faults.Add($"{visitor.Page.Url}: policy: {report}"));
        await visitor.Page.AddInitScriptAsync(ReportViolations);
        return visitor;
    }

    public async Task SignInAsync(string email, string password)
    {
        await Page.GotoAsync("/sign-in");
        await Page.GetByLabel("E-mail").FillAsync(email);
        await Page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(Page).Not.ToHaveURLAsync(Matching("/sign-in"));
    }

    /// <summary>Opens a page that must be there.</summary>
    public async Task GoAsync(string path)
    {
        var response = await Page.GotoAsync(path);
        Assert.True(response!.Ok, $"{path} answered {response.Status}");
    }

    /// <summary>
    /// Waits until the address has this in it. Not for a load event, which may have come before anybody waits: what is asked of the
    /// page next waits by itself.
    /// </summary>
    public Task ArriveAsync(string pattern) => Assertions.Expect(Page).ToHaveURLAsync(Matching(pattern));

    public Task PressAsync(string name, bool exact = false) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = exact }).ClickAsync();

    /// <summary>Opens what the page has to open; each must really be open then.</summary>
    public async Task OpenAllAsync()
    {
        var open = await Page.EvaluateAsync<int[]>(OpenAll);
        if (open is not [var menus, var lists, var pickers] || lists != pickers || (menus == 0 && await Page.Locator("[data-bs-toggle=dropdown]").CountAsync() > 0))
            _faults.Add($"{Page.Url}: not all opened: {string.Join(' ', open)}");
    }

    /// <summary>Violations of WCAG 2.2 A and AA on the page as it stands.</summary>
    public async Task<IReadOnlyList<string>> AxeAsync()
    {
        await LoadedAsync();
        await Page.EvaluateAsync(Axe);
        return [.. (await Page.EvaluateAsync<string[]>(RunAxe)).Select(violation => $"{Page.Url}: {violation}")];
    }

    /// <summary>What is wider than its place: the page, or a list in it.</summary>
    public async Task<IReadOnlyList<string>> OverflowAsync()
    {
        await LoadedAsync();
        return [.. (await Page.EvaluateAsync<string[]>(Wider)).Select(part => $"{Page.Url}: too wide: {part}")];
    }

    public async ValueTask DisposeAsync() => await _context.CloseAsync();

    /// <summary>A page has its text before it has its styles. The page itself is asked: an event may have come before anybody waits.</summary>
    private Task<bool> LoadedAsync() => Page.EvaluateAsync<bool>(Loaded);

    private static Regex Matching(string pattern) => new(pattern, RegexOptions.None, TimeSpan.FromSeconds(1));
}
