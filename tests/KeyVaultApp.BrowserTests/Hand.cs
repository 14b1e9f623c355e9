using Microsoft.Playwright;

namespace KeyVaultApp.BrowserTests;

/// <summary>How somebody works a page: with the mouse, with the keyboard alone, or in a browser that runs no script.</summary>
public abstract class Hand(IPage page, bool script)
{
    protected IPage Page => page;

    public static Hand Of(string name, IPage page, bool script = true) => name switch
    {
        "keyboard" => new Keyboard(page, script),
        _ => new Mouse(page, script),
    };

    /// <summary>A link, a button, a box to tick.</summary>
    public abstract Task PressAsync(ILocator target);

    public abstract Task TypeAsync(string field, string text);

    /// <summary>Chooses in a picker, which is a plain select where no script made more of it.</summary>
    public async Task ChooseAsync(string selectId, string text)
    {
        var select = page.Locator($"#{selectId}");
        if (!script || await select.GetAttributeAsync("data-picker") is null)
        {
            await SelectAsync(select, text);
            return;
        }

        var input = page.Locator($"#{selectId}-ts-control");
        var option = page.Locator($".ts-wrapper:has(#{selectId}-ts-control) .ts-dropdown [data-selectable]").Filter(new() { HasText = text });
        await PickAsync(input, option, text);
    }

    protected ILocator Field(string name) => page.Locator($"#main [name={name}]");

    protected abstract Task SelectAsync(ILocator select, string text);

    protected abstract Task PickAsync(ILocator input, ILocator option, string text);

    private sealed class Mouse(IPage page, bool script) : Hand(page, script)
    {
        public override Task PressAsync(ILocator target) => target.ClickAsync();

        public override async Task TypeAsync(string field, string text)
        {
            await Field(field).ClickAsync();
            await Page.Keyboard.InsertTextAsync(text);
        }

        /// <summary>The list of a plain select is drawn by the system, out of a test's reach.</summary>
        protected override async Task SelectAsync(ILocator select, string text)
        {
            var option = select.Locator("option").Filter(new() { HasText = text });
            await select.SelectOptionAsync(await option.GetAttributeAsync("value") ?? text);
        }

        protected override async Task PickAsync(ILocator input, ILocator option, string text)
        {
            // Where something is chosen, the input itself is out of sight and its box takes the click.
            await input.Locator("xpath=..").ClickAsync();
            await option.ClickAsync();
        }
    }

    private sealed class Keyboard(IPage page, bool script) : Hand(page, script)
    {
        private const int MostTabs = 150;

        public override async Task PressAsync(ILocator target)
        {
            await ReachAsync(target);
            var isBox = await target.EvaluateAsync<bool>("element => element.matches('input')");
            await Page.Keyboard.PressAsync(isBox ? "Space" : "Enter");
        }

        public override async Task TypeAsync(string field, string text)
        {
            await ReachAsync(Field(field));
            await Page.Keyboard.InsertTextAsync(text);
        }

        protected override async Task SelectAsync(ILocator select, string text)
        {
            await ReachAsync(select);
            await Page.Keyboard.TypeAsync(text);
            Assert.Contains(text, await select.EvaluateAsync<string>("select => select.selectedOptions[0].textContent"));
        }

        protected override async Task PickAsync(ILocator input, ILocator option, string text)
        {
            await ReachAsync(input);
            await Page.Keyboard.TypeAsync(text);
            await Page.Locator(".ts-dropdown .active").Filter(new() { HasText = text }).WaitForAsync();
            await Page.Keyboard.PressAsync("Enter");
        }

        /// <summary>From wherever the focus is, by the Tab key, over the skip link where that is the way.</summary>
        private async Task ReachAsync(ILocator target)
        {
            await target.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            for (var i = 0; i < MostTabs; i++)
            {
                // Of radio buttons one is in the order of the Tab key, and arrows lead to the others.
                if (await target.EvaluateAsync<bool>("element => element === document.activeElement")) return;
                if (await target.EvaluateAsync<bool>("element => element.type === 'radio' && document.activeElement.name === element.name && element.form === document.activeElement.form"))
                {
                    await Page.Keyboard.PressAsync("ArrowDown");
                    continue;
                }

                await Page.Keyboard.PressAsync("Tab");
                if (await target.EvaluateAsync<bool>("element => document.activeElement.matches('.skip-link') && document.getElementById('main').contains(element)"))
                    await Page.Keyboard.PressAsync("Enter");
            }

            Assert.Fail($"The Tab key does not lead to {target} on {Page.Url}.");
        }
    }
}
