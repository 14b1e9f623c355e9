using KeyVaultApp.IntegrationTests.Harness;
using Microsoft.Playwright;

namespace KeyVaultApp.BrowserTests;

/// <summary>A plan from the first form to a decision, with and without script.</summary>
public sealed class PlanPagesTests(Fleet fleet)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Plan_OfOneWorkspace_IsMadeLookedAtAndDecided(bool script)
    {
        var admin = fleet.App.Client(await fleet.App.TokenAsync("admin"));
        var workspace = await admin.AddWorkspaceAsync();
        var taken = (await admin.AddKeyAsync()).GetProperty("name").GetString()!;
        foreach (var value in new[] { Fresh.Value(), $" {Fresh.Value()}", $"'{Fresh.Value()}'" })
            await fleet.App.Database.SetLegacyAsync((await admin.AddAgentAsync(workspace.GetProperty("id").GetGuid())).GetProperty("id").GetGuid(), "tts", value);
        await using var visitor = await fleet.VisitAsync(script: script);
        var page = visitor.Page;

        // Chosen workspaces without any is refused beside the field.
        await visitor.GoAsync("/migration");
        await page.GetByRole(AriaRole.Link, new() { Name = "New plan" }).ClickAsync();
        await page.GetByLabel("Only these workspaces").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the plan" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-workspace_ids-error")).ToContainTextAsync("Name a workspace");
        await ChooseAsync(page.Locator("select[name=workspace_ids]"), workspace.GetProperty("id").GetString()!, script);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the plan" }).ClickAsync();
        await visitor.ArriveAsync("/migration/plans/[^/]*-");
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Nothing else was written");
        var hash = await HashAsync(page);

        // A name that is taken is refused beside its field; a good one gives the plan another hash.
        await page.GetByRole(AriaRole.Link, new() { Name = "Create 1 key" }).ClickAsync();
        await page.Locator("#list tbody a").ClickAsync();
        await page.Locator("[name='decisions[0].name']").FillAsync(taken.ToUpperInvariant());
        await page.GetByRole(AriaRole.Button, new() { Name = "Save the decision" }).ClickAsync();
        await Assertions.Expect(page.Locator(".field-error")).ToContainTextAsync("of this name already");
        await page.Locator("[name='decisions[0].name']").FillAsync($"{taken} two");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save the decision" }).ClickAsync();
        await Assertions.Expect(page.Locator(".facts").First).ToContainTextAsync($"Create {taken} two, as was decided");

        // Several at once.
        await page.Locator(".crumbs a").Last.ClickAsync();
        Assert.NotEqual(hash, hash = await HashAsync(page));
        await page.GetByRole(AriaRole.Link, new() { Name = "Needs a decision 2 keys" }).ClickAsync();
        var boxes = page.Locator("input[name=numbers]");
        await Assertions.Expect(boxes).ToHaveCountAsync(2);
        foreach (var box in await boxes.AllAsync()) await box.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave as they are" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Decided about 2 keys");
        await Assertions.Expect(page.Locator("#start + .facts")).ToContainTextAsync("none");
        Assert.NotEqual(hash, await HashAsync(page));
        Assert.Contains("bucket=needs_decision", page.Url);

        Assert.DoesNotContain(visitor.Faults, fault => !fault.Contains(": 400 of") && !fault.Contains("status of 400"));
    }

    private static Task ChooseAsync(ILocator select, string value, bool script) => script
        ? select.EvaluateAsync("(select, value) => select.tomselect.setValue([value])", value)
        : select.SelectOptionAsync(value);

    private static async Task<string> HashAsync(IPage page) => (await page.Locator("#start + .facts code").InnerTextAsync()).Trim();
}
