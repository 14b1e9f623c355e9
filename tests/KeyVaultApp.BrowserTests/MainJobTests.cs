using KeyVaultApp.IntegrationTests.Harness;
using Microsoft.Playwright;

namespace KeyVaultApp.BrowserTests;

/// <summary>What the panel is for, done by a person, from signing in to what the runtime gets.</summary>
public sealed class MainJobTests(Fleet fleet)
{
    [Theory]
    [InlineData("mouse", true)]
    [InlineData("keyboard", true)]
    [InlineData("mouse", false)]
    public async Task KeyMadeAssignedAndPicked_FromSignInToTheRuntime_IsWhatTheAgentUses(string with, bool script)
    {
        const string value = "made-up-value-for-the-main-job-9f3a";
        var name = $"Main {Guid.NewGuid():N}"[..20];
        await using var visitor = await fleet.VisitAsync(email: null, script: script);
        var page = visitor.Page;
        var hand = Hand.Of(with, page, script);
        ILocator Button(string text) => page.Locator("#main").GetByRole(AriaRole.Button, new() { Name = text });
        ILocator Link(string text, string part = "#main") => page.Locator(part).GetByRole(AriaRole.Link, new() { Name = text, Exact = true });

        // The page before may have a field of the same name.
        Task AtAsync(string title) => Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(title);

        await visitor.GoAsync("/");
        await hand.TypeAsync("email", Fleet.AdminEmail);
        await hand.TypeAsync("password", Fleet.Password);
        await hand.PressAsync(Button("Sign in"));

        await hand.PressAsync(Link("Workspaces", "#nav"));
        await hand.PressAsync(Link("New workspace"));
        await AtAsync("New workspace");
        await hand.TypeAsync("name", name);
        await hand.PressAsync(Button("Create workspace"));
        await AtAsync(name);
        await hand.PressAsync(Link("Switch phase"));
        await AtAsync($"Switch {name}");
        await hand.PressAsync(page.Locator("#phase-references_with_fallback"));
        await hand.PressAsync(Button("See what it would change"));
        await AtAsync($"Switch {name} to References with fallback");
        await hand.PressAsync(Button($"Switch {name}"));
        await Assertions.Expect(page.GetByText($"{name} is in References with fallback now.")).ToBeVisibleAsync();

        await hand.PressAsync(Link("Keys", "#nav"));
        await hand.PressAsync(Link("New key"));
        await AtAsync("New key");
        await hand.ChooseAsync("field-kind", "TTS");
        await hand.TypeAsync("name", $"{name} key");
        await hand.TypeAsync("value", value);
        await hand.ChooseAsync("field-workspace_ids", name);
        await hand.PressAsync(Button("Create key"));
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync($"{name} key");
        Assert.DoesNotContain("made-up-value", await page.ContentAsync());

        await hand.PressAsync(Link("Agents", "#nav"));
        await hand.PressAsync(Link("New agent"));
        await AtAsync("New agent");
        await hand.ChooseAsync("in-workspace", name);
        await hand.PressAsync(Button("Continue"));
        await AtAsync("New agent");
        await hand.TypeAsync("name", "Front desk");
        await hand.ChooseAsync("field-selected_tts_key_id", $"{name} key");
        await hand.PressAsync(Button("Create agent"));
        await Assertions.Expect(page.GetByText("Agent created.")).ToBeVisibleAsync();

        var resolver = fleet.App.Client(await fleet.App.TokenAsync("resolver", name));
        var agent = page.Url[(page.Url.LastIndexOf('/') + 1)..];
        Assert.Equal(value, (await resolver.ReadAsync($"/api/v1/agents/{agent}/keys/tts")).Text("value"));
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task TwentyAgents_FoundTickedAndPickedFor_HaveTheKey()
    {
        const string workspaceName = "Quillmoor Dental";
        var admin = fleet.App.Client(await fleet.App.TokenAsync("admin"));
        var workspace = (await admin.ReadAsync($"/api/v1/workspaces?search={Uri.EscapeDataString(workspaceName)}")).GetProperty("items")[0].Id();
        var key = await admin.AddKeyAsync("tts", null, null, workspace);
        await using var visitor = await fleet.VisitAsync();
        var page = visitor.Page;
        var hand = Hand.Of("mouse", page);

        await visitor.GoAsync("/agents");
        await hand.ChooseAsync("in-workspace", workspaceName);
        await visitor.ArriveAsync($"workspace_id={workspace}");
        await Assertions.Expect(page.Locator("#list tbody tr").Filter(new() { HasNotText = workspaceName })).ToHaveCountAsync(0);
        for (var i = 0; i < 20; i++) await page.Locator("input[name=agent_ids]").Nth(i).CheckAsync();
        await Assertions.Expect(page.GetByText("With the ticked agents (20):")).ToBeInViewportAsync();
        await visitor.PressAsync("Pick a key");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Pick a key for 20 agents");
        Assert.Empty((await visitor.AxeAsync()).Concat(await visitor.OverflowAsync()));
        await hand.ChooseAsync("field-key_id", key.Text("name"));
        await visitor.PressAsync("Pick for 20 agents");

        await Assertions.Expect(page.GetByText("20 agents have picked the key.")).ToBeVisibleAsync();
        Assert.Contains($"workspace_id={workspace}", page.Url);
        Assert.Equal(20, (await admin.ReadAsync($"/api/v1/keys/{key.Id()}")).GetProperty("agent_count").GetInt32());
        Assert.Empty(visitor.Faults);
    }
}
