using Microsoft.Playwright;

namespace KeyVaultApp.BrowserTests;

/// <summary>Keys are tested from their forms, their page and the list; an agent is checked from its own.</summary>
public sealed class KeyTestPagesTests(Fleet fleet)
{
    [Fact]
    public async Task New_ValueThatItsProviderRefuses_IsSavedUntestedOnlyWhereThatIsTicked()
    {
        await using var visitor = await fleet.VisitAsync();
        var page = visitor.Page;
        await FillNewAsync(visitor, "refused-value-0001");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();

        await Assertions.Expect(page.Locator("#field-value-error")).ToContainTextAsync("Strict refuses the key");
        Assert.Empty(await visitor.AxeAsync());

        await page.Locator("#field-value").FillAsync("refused-value-0001");
        await page.GetByLabel("Save untested").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This value was never tested.")).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Overview" }).GetByText("Rejected", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByText("Strict refuses the key").First).ToBeVisibleAsync();
        Assert.Empty(await visitor.AxeAsync());

        await visitor.GoAsync("/");
        await Assertions.Expect(page.Locator("a.tile[href='/keys?test=rejected']")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_KeysThatAreTicked_AreTestedWithAndWithoutScript(bool script)
    {
        await using var visitor = await fleet.VisitAsync(script: script);
        var page = visitor.Page;
        var name = await FillNewAsync(visitor, "good-value-0001");
        await page.GetByRole(AriaRole.Button, new() { Name = "Create key" }).ClickAsync();
        await visitor.GoAsync($"/keys?search={Uri.EscapeDataString(name)}");
        await page.Locator("input[name=key_ids]").First.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Test", Exact = true }).ClickAsync();
        if (!script) await page.GetByRole(AriaRole.Button, new() { Name = "Test them all" }).ClickAsync();

        await Assertions.Expect(page.Locator("td").GetByText("Valid", new() { Exact = true })).ToBeVisibleAsync();
        if (script) Assert.Empty((await visitor.AxeAsync()).Concat(visitor.Faults));
    }

    [Fact]
    public async Task Agent_Checked_TellsEachSlot()
    {
        await using var visitor = await fleet.VisitAsync(width: 320);
        var page = visitor.Page;
        await visitor.GoAsync("/agents");
        await page.Locator("#list a[href^='/agents/'], table a[href^='/agents/']").First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Check keys" }).ClickAsync();

        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("Check of");
        await Assertions.Expect(page.Locator("section.panel")).ToHaveCountAsync(3);
        Assert.Empty(await visitor.OverflowAsync());
        Assert.Empty((await visitor.AxeAsync()).Concat(visitor.Faults));
    }

    private static async Task<string> FillNewAsync(Visitor visitor, string value)
    {
        var name = $"Tested {Guid.NewGuid():N}";
        await visitor.GoAsync("/keys/new");
        await visitor.Page.Locator("#field-kind").SelectOptionAsync("tts");
        await visitor.Page.Locator("#field-name").FillAsync(name);
        await visitor.Page.Locator("#field-provider").FillAsync(StrictProvider.Name);
        await visitor.Page.Locator("#field-value").FillAsync(value);
        return name;
    }
}
