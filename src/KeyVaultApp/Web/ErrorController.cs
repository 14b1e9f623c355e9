using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;

namespace KeyVaultApp.Web;

/// <summary>What people see in place of a page that there is not, or that failed.</summary>
[AllowAnonymous]
[Route(Path)]
public sealed class ErrorController : Controller
{
    public const string Path = "/error";

    [AcceptVerbs("GET", "POST")]
    public IActionResult Index() => View("Error", HttpContext.Items[nameof(Refusal)] as Refusal);
}
