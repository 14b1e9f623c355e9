using System.Net;
using KeyVaultApp.IntegrationTests.Harness;
using Microsoft.Playwright;

namespace KeyVaultApp.BrowserTests;

/// <summary>Markup typed into every text field there is: it is text, wherever it shows.</summary>
public sealed class MarkupTests(Fleet fleet)
{
    private static readonly string Payload = $"<img src=x onerror=alert(1)>\"'><script>alert(2)</script>{Guid.NewGuid():N}";

    [Fact]
    public async Task Markup_InEveryTextField_IsShownAsTextOnEveryPage()
    {
        var admin = fleet.App.Client(await fleet.App.TokenAsync("admin"));
        var workspace = (await (await admin.PostAsync("/api/v1/workspaces", new { name = Payload })).ReadAsync(HttpStatusCode.Created)).Id();
        var key = (await (await admin.PostAsync("/api/v1/keys", new
        {
            name = Payload,
            kind = "stt",
            value = "made-up-value-for-markup-0000",
            notes = Payload,
            workspace_ids = new[] { workspace },
        })).ReadAsync(HttpStatusCode.Created)).Id();
        var agent = (await (await admin.PostAsync($"/api/v1/workspaces/{workspace}/agents", new
        {
            name = Payload,
            external_id = Payload,
            selected_stt_key_id = key,
            tts_key = Payload[..80] + "<b>",
        })).ReadAsync(HttpStatusCode.Created)).Id();
        await using var visitor = await fleet.VisitAsync();
        var user = await AddPeopleAsync(visitor);

        var query = Uri.EscapeDataString(Payload);
        foreach (var path in new[]
        {
            "/", "/keys", $"/keys/{key}", $"/keys/{key}/edit", $"/keys/{key}/delete", $"/keys/{key}/disable", $"/keys/{key}/move", $"/keys/{key}/replace", $"/keys/{key}/workspaces",
            $"/keys?search={query}", $"/keys?workspace_id={workspace}", "/workspaces", $"/workspaces?search={query}", $"/workspaces/{workspace}", $"/workspaces/{workspace}/rename", $"/workspaces/{workspace}/delete",
            $"/agents?workspace_id={workspace}", $"/agents?search={query}", $"/agents/{agent}", $"/agents/{agent}/explain", "/agents/new", $"/agents/new?workspace_id={workspace}",
            "/rollout", $"/rollout?search={query}", $"/rollout/switch?workspace_id={workspace}", "/activity", $"/activity?search={query}", $"/activity?actor={query}",
            "/settings/users", $"/settings/users?search={query}", $"/settings/users/{user}", "/settings/users/new", "/settings/tokens", $"/settings/tokens?search={query}", "/settings/tokens/new",
        })
        {
            await visitor.GoAsync(path);
            await AssertTextAsync(visitor, path);
        }

        await visitor.GoAsync($"/keys/{key}");
        Assert.Contains("<img src=x", await visitor.Page.Locator("h1").TextContentAsync());
        Assert.Empty(visitor.Faults);
    }

    [Fact]
    public async Task Markup_InFormsThatAreRefused_ComesBackAsText()
    {
        await using var visitor = await fleet.VisitAsync();
        visitor.MayRefuse = true;
        var typed = 0;
        foreach (var path in new[] { "/workspaces/new", "/keys/new", "/settings/users/new", "/settings/tokens/new", "/account/password", "/account/second-factor" })
        {
            await visitor.GoAsync(path);
            // Longer than any field takes, so that each is refused and shown again.
            typed += await visitor.Page.EvaluateAsync<int>(
                """
                (text) => {
                  const form = document.querySelector('#main form[method=post]');
                  const fields = [...form.querySelectorAll('input:not([type=hidden]):not([type=checkbox]):not([type=radio]):not([type=date]):not([type=datetime-local]):not(.ts-control input), textarea')].filter((field) => field.name);
                  fields.forEach((field) => { field.removeAttribute('maxlength'); field.type = field.tagName === 'INPUT' ? 'text' : field.type; field.value = text; });
                  form.noValidate = true;
                  return fields.length;
                }
                """, string.Concat(Enumerable.Repeat(Payload, 30)));
            await visitor.Page.Locator("#main form[method=post] button.btn-primary").First.ClickAsync();
            await Assertions.Expect(visitor.Page.Locator(".error-summary")).ToBeVisibleAsync();
            await AssertTextAsync(visitor, path);
        }

        Assert.True(typed >= 12, $"Only {typed} fields were typed into.");
        Assert.Empty(visitor.Faults);
    }

    /// <summary>Users and tokens are made by page alone.</summary>
    private static async Task<Guid> AddPeopleAsync(Visitor visitor)
    {
        var page = visitor.Page;
        var email = $"<img/src=x>{Guid.NewGuid():N}\"'@example.com";
        await visitor.GoAsync("/settings/users/new");
        await page.EvaluateAsync("() => { document.querySelector('#main form').noValidate = true; }");
        await page.Locator("#field-email").FillAsync(email);
        await page.Locator("#role-ops").CheckAsync();
        await page.Locator("#main [name=password]").FillAsync(Fleet.Password);
        await visitor.PressAsync("Add user");
        await Assertions.Expect(page.GetByText("may sign in now")).ToBeVisibleAsync();
        await AssertTextAsync(visitor, "the word that it went well");

        await visitor.GoAsync("/settings/tokens/new");
        await page.Locator("#field-name").FillAsync(Payload);
        await page.Locator("#role-ops").CheckAsync();
        await visitor.PressAsync("Create token");
        await Assertions.Expect(page.Locator("#token")).ToBeVisibleAsync();
        await AssertTextAsync(visitor, "the new token");

        await visitor.GoAsync($"/settings/users?search={Uri.EscapeDataString(email)}");
        var address = await page.Locator("#list a[href^='/settings/users/']").First.GetAttributeAsync("href");
        return Guid.Parse(address!.Split('/')[^1]);
    }

    private static async Task AssertTextAsync(Visitor visitor, string where)
    {
        Assert.True(await visitor.Page.Locator("img[src=x], #main script, #main b:text-is('')").CountAsync() == 0, $"{where} has markup of somebody's in it.");
    }
}
