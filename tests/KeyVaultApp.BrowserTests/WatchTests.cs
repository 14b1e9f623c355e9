namespace KeyVaultApp.BrowserTests;

/// <summary>What the other tests rely on to notice what a page must not do.</summary>
public sealed class WatchTests(Fleet fleet)
{
    [Fact]
    public async Task Watch_WhatAPageMustNotDo_IsNoticed()
    {
        await using var visitor = await fleet.VisitAsync();
        await visitor.GoAsync("/");
        Assert.Empty(visitor.Faults);
        await visitor.Page.EvaluateAsync("() => { const script = document.createElement('script'); script.textContent = '1'; document.body.append(script); }");
        await visitor.Page.EvaluateAsync("() => document.body.append(Object.assign(document.createElement('img'), { src: '/nowhere.png' }))");
        await visitor.Page.EvaluateAsync("() => document.body.append(Object.assign(document.createElement('input'), { id: 'unlabelled' }))");
        await visitor.Page.EvaluateAsync("() => { document.querySelector('h1').style.width = '3000px'; }");
        await visitor.Page.WaitForFunctionAsync("() => performance.getEntriesByType('resource').some(entry => entry.name.includes('nowhere'))");

        Assert.Contains(visitor.Faults, fault => fault.Contains("policy: script-src-elem by inline"));
        Assert.Contains(visitor.Faults, fault => fault.Contains("404 of"));
        Assert.Contains(visitor.Faults, fault => fault.Contains("console error"));
        Assert.NotEmpty(await visitor.AxeAsync());
        Assert.NotEmpty(await visitor.OverflowAsync());
    }
}
