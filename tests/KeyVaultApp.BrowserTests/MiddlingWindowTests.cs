namespace KeyVaultApp.BrowserTests;

/// <summary>Between a phone and a wide window: the navigation takes room from the lists.</summary>
public sealed class MiddlingWindowTests(Fleet fleet)
{
    [Theory]
    [InlineData(768)]
    [InlineData(992)]
    [InlineData(1200)]
    public async Task List_InAMiddlingWindow_FitsItsBox(int width)
    {
        await using var visitor = await fleet.VisitAsync(width: width);
        var problems = new List<string>();
        foreach (var path in new[] { "/keys", "/workspaces", "/agents", "/activity", "/key-audit" })
        {
            await visitor.GoAsync(path);
            problems.AddRange(await visitor.OverflowAsync());
            problems.AddRange(await visitor.AxeAsync());
        }

        Assert.True(problems.Count + visitor.Faults.Count == 0, string.Join('\n', problems.Concat(visitor.Faults)));
    }
}
