using KeyVaultApp.Domain;
using KeyVaultApp.IntegrationTests.Harness;
using Microsoft.Playwright;

namespace KeyVaultApp.BrowserTests;

/// <summary>A plan is started, watched to its report and rolled back by a person, with and without script.</summary>
[Collection(nameof(RunPagesTests))]
public sealed class RunPagesTests(Fleet fleet)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_StartedFromItsPlan_IsWatchedReportedAndRolledBack(bool script)
    {
        var admin = fleet.App.Client(await fleet.App.TokenAsync("admin"));
        var workspace = (await admin.AddWorkspaceAsync()).GetProperty("id").GetGuid();
        var agent = (await admin.AddAgentAsync(workspace)).GetProperty("id").GetGuid();
        await fleet.App.Database.SetLegacyAsync(agent, "tts", Fresh.Value());
        var plan = await (await admin.PostAsync("/api/v1/migration/plans", new { workspace_ids = new[] { workspace } })).ReadAsync(System.Net.HttpStatusCode.Created);
        await using var visitor = await fleet.VisitAsync(script: script);
        var page = visitor.Page;

        await visitor.GoAsync($"/migration/plans/{plan.GetProperty("id").GetString()}");
        await page.GetByLabel("Carry out plan").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Start the run" }).ClickAsync();
        await visitor.ArriveAsync("/migration/runs/");
        if (!script) await UntilAsync(page, "completed");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("completed");
        await Assertions.Expect(page.Locator("#progress")).ToHaveTextAsync("Report");
        if (script) Assert.Empty(await visitor.AxeAsync());

        await page.GetByRole(AriaRole.Link, new() { Name = "1 Linked" }).ClickAsync();
        await Assertions.Expect(page.Locator("#items + p + .list tbody tr")).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Link, new() { Name = "Roll back" }).ClickAsync();
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Nothing has been changed yet");
        if (script) Assert.Empty(await visitor.AxeAsync());
        await page.GetByLabel("Delete those").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Roll back 1 slot" }).ClickAsync();
        await visitor.ArriveAsync("/migration/runs/");
        if (!script) await UntilAsync(page, "completed");
        await Assertions.Expect(page.Locator("h1")).ToContainTextAsync("completed");
        await Assertions.Expect(page.Locator("main")).ToContainTextAsync("Restored");

        // The plan was run: it does not offer to be started again.
        await visitor.GoAsync($"/migration/plans/{plan.GetProperty("id").GetString()}");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Start the run" })).ToHaveCountAsync(0);
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task Run_ThatLeavesSlotsAsTheyWere_TellsSoWhileItIsWatched()
    {
        var admin = fleet.App.Client(await fleet.App.TokenAsync("admin"));
        var workspace = (await admin.AddWorkspaceAsync()).GetProperty("id").GetGuid();
        await fleet.App.Database.SetLegacyAsync((await admin.AddAgentAsync(workspace)).GetProperty("id").GetGuid(), "tts", Fresh.Value());
        var plan = await (await admin.PostAsync("/api/v1/migration/plans", new { workspace_ids = new[] { workspace } })).ReadAsync(System.Net.HttpStatusCode.Created);
        // One that nobody works on, so that what is seen does not hang on who is faster.
        var run = new MigrationRun
        {
            Id = Guid.CreateVersion7(),
            PlanId = plan.GetProperty("id").GetGuid(),
            CreatedAt = DateTimeOffset.UnixEpoch,
            CreatedByKind = ActorKind.System,
            CreatedBy = "test",
            Total = 2,
            State = RunState.Paused,
        };
        await using var db = fleet.App.Database.Context();
        db.MigrationRuns.Add(run);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        await using var visitor = await fleet.VisitAsync();
        await visitor.GoAsync($"/migration/runs/{run.Id}");
        var tile = visitor.Page.Locator("a.tile[href$='outcome=legacy_changed']");
        await Assertions.Expect(tile).ToBeHiddenAsync();

        db.Journal.Add(new JournalEntry { RunId = run.Id, AgentId = Guid.NewGuid(), Kind = KeyKind.Tts, Outcome = SlotOutcome.LegacyChanged });
        (run.Done, run.Skipped) = (1, 1);
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        await Assertions.Expect(tile).ToContainTextAsync("1");
        await Assertions.Expect(tile).ToBeVisibleAsync();
        run.State = RunState.Stopped;
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        Assert.Empty(visitor.Faults);
    }

    /// <summary>Without script somebody looks again until it is over.</summary>
    private static async Task UntilAsync(IPage page, string state)
    {
        for (var look = 0; look < 200 && !(await page.Locator("h1").InnerTextAsync()).Contains(state); look++) await page.ReloadAsync();
    }
}

/// <summary>By themselves: keys are deleted, and others follow links to whatever key there is.</summary>
[CollectionDefinition(nameof(RunPagesTests), DisableParallelization = true)]
public sealed class RunPagesAlone;
