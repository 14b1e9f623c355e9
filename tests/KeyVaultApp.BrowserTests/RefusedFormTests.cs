using KeyVaultApp.IntegrationTests.Harness;
using Microsoft.Playwright;

namespace KeyVaultApp.BrowserTests;

/// <summary>Forms that come back: the summary has the focus and leads to the field, the error stands beside it, and all of it is accessible.</summary>
public sealed class RefusedFormTests(Fleet fleet)
{
    private static readonly string[] Forms =
        ["/keys/new", "/workspaces/new", "/settings/users/new", "/settings/tokens/new", "/account/password", "/account/second-factor"];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Form_SentEmpty_TellsInASummaryWithTheFocusAndBesideTheField(ColorScheme theme)
    {
        await using var visitor = await fleet.VisitAsync(theme: theme);
        visitor.MayRefuse = true;
        var problems = new List<string>();
        var workspace = (await fleet.App.Database.QueryAsync<Guid>($"SELECT id AS \"Value\" FROM workspaces"))[0];
        foreach (var path in Forms.Append($"/agents/new?workspace_id={workspace}")) problems.AddRange(await RefuseAsync(visitor, path));
        Assert.True(problems.Count + visitor.Faults.Count == 0, string.Join('\n', problems.Concat(visitor.Faults)));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task SignIn_Refused_SaysSoInTheSummary(ColorScheme theme)
    {
        await using var visitor = await fleet.VisitAsync(email: null, theme: theme);
        visitor.MayRefuse = true;
        await visitor.GoAsync("/sign-in");
        await visitor.Page.GetByLabel("E-mail").FillAsync("nobody@example.com");
        await visitor.Page.GetByLabel("Password", new() { Exact = true }).FillAsync("not the password");
        await visitor.PressAsync("Sign in");
        await Assertions.Expect(visitor.Page.Locator(".error-summary")).ToBeFocusedAsync();
        Assert.Empty((await visitor.AxeAsync()).Concat(visitor.Faults));
    }

    private static async Task<IReadOnlyList<string>> RefuseAsync(Visitor visitor, string path)
    {
        var page = visitor.Page;
        await visitor.GoAsync(path);
        // The browser's own checks would keep the empty form from being sent.
        await page.EvaluateAsync("() => document.querySelectorAll('#main form[method=post]').forEach((form) => { form.noValidate = true; })");
        await page.Locator("#main form[method=post] button.btn-primary").First.ClickAsync();
        await Assertions.Expect(page.Locator(".error-summary")).ToBeFocusedAsync();
        var problems = new List<string>();
        var leads = page.Locator(".error-summary a");
        if (await leads.CountAsync() == 0) problems.Add($"{path}: the summary leads to no field.");
        foreach (var target in await leads.EvaluateAllAsync<string[]>("links => links.map(link => link.getAttribute('href'))"))
            if (await page.Locator(target).CountAsync() == 0) problems.Add($"{path}: the summary leads to {target}, which there is not.");
        if (await page.Locator(".field-error").CountAsync() == 0) problems.Add($"{path}: no error stands beside its field.");
        problems.AddRange(await visitor.OverflowAsync());
        await visitor.OpenAllAsync();
        problems.AddRange(await visitor.AxeAsync());
        return problems;
    }
}
