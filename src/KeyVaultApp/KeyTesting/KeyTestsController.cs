using KeyVaultApp.Domain;
using KeyVaultApp.Keys;
using KeyVaultApp.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.KeyTesting;

/// <param name="Keys">The first of them, as many as are tested at once.</param>
public sealed record SeveralPage(IReadOnlyList<KeyRow> Keys, int Ticked);

/// <summary>Tests stored keys from their page and from the list.</summary>
[Route("/keys")]
[Authorize(Policy = Access.Administer)]
public sealed class KeyTestsController : PageController
{
    /// <summary>A row of several asks for its own outcome alone, so that each shows as soon as it is there.</summary>
    [HttpPost("{id:guid}/test")]
    public async Task<IActionResult> Test(Guid id, [FromServices] TestKey test, CancellationToken ct)
    {
        var isRow = Request.Headers.ContainsKey("HX-Request");
        try
        {
            var result = await test.RunAsync(id, Actor.Of(User), ct);
            return isRow ? PartialView("_Result", result) : Done("Tested. What came of it stands under Last test.", $"/keys/{id}");
        }
        catch (Refusal refusal) when (isRow && refusal.Kind == RefusalKind.Conflict)
        {
            return PartialView("_Result", KeyTestResult.Untested(refusal.Message));
        }
    }

    [HttpPost("test")]
    public async Task<IActionResult> Several([FromForm] TestKeys.Form form, [FromServices] GetKey get, CancellationToken ct)
    {
        List<Guid> ticked = [.. (form.KeyIds ?? []).Distinct()];
        return View("Several", new SeveralPage(await get.ManyAsync([.. ticked.Take(TestKeys.MostKeys)], ct), ticked.Count));
    }

    [HttpPost("test/all")]
    public async Task<IActionResult> All([FromForm] TestKeys.Form form, [FromServices] TestKeys test, CancellationToken ct) =>
        View("Tested", await test.RunAsync(form, Actor.Of(User), ct));
}
