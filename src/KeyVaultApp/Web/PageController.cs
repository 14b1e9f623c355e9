using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Web;

/// <summary>What every page has: a form that was refused comes back with what is wrong beside its fields, and a word when it went well.</summary>
public abstract class PageController : Controller
{
    private const string DoneKey = "done";

    /// <summary>Saves, or shows the form again. The refusal is in the view's <c>Refusal</c>, field errors are in the model state.</summary>
    protected async Task<IActionResult> SaveAsync(Func<Task<IActionResult>> save, Func<Task<IActionResult>> again)
    {
        if (!ModelState.IsValid)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return await again();
        }

        try
        {
            return await save();
        }
        catch (Refusal refusal) when (refusal.Kind != RefusalKind.NotFound || refusal.Errors.Count > 0)
        {
            foreach (var (field, messages) in refusal.Errors)
                foreach (var message in messages)
                    ModelState.AddModelError(field, message);
            ViewData[nameof(Refusal)] = refusal;
            Response.StatusCode = Problems.StatusOf(refusal.Kind);
            return await again();
        }
    }

    /// <summary>Goes on to another page, which says once that this is done.</summary>
    protected IActionResult Done(string message, string url)
    {
        TempData[DoneKey] = message;
        return LocalRedirect(url);
    }
}
