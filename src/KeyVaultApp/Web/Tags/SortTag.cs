using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KeyVaultApp.Web.Tags;

/// <summary><c>&lt;th sort="name" sort-default="name"&gt;Name&lt;/th&gt;</c>: a column that the list can be ordered by.</summary>
[HtmlTargetElement("th", Attributes = "sort")]
public sealed class SortTag : TagHelper
{
    public string Sort { get; set; } = "";

    /// <summary>The order of the list when the address names none.</summary>
    public string SortDefault { get; set; } = "name";

    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var request = ViewContext.HttpContext.Request;
        var current = request.Query["sort"].FirstOrDefault() is { Length: > 0 } asked ? asked : SortDefault;
        var isCurrent = current.TrimStart('-') == Sort;
        var isDescending = current.StartsWith('-');
        output.Attributes.SetAttribute("scope", "col");
        output.Attributes.SetAttribute("aria-sort", !isCurrent ? "none" : isDescending ? "descending" : "ascending");

        var link = new TagBuilder("a");
        link.AddCssClass("sort");
        link.Attributes["href"] = Address.With(request, ("sort", isCurrent && !isDescending ? $"-{Sort}" : Sort), ("page", null));
        link.InnerHtml.AppendHtml(await output.GetChildContentAsync());
        if (isCurrent) link.InnerHtml.AppendHtml($" <svg class=\"icon\" aria-hidden=\"true\"><use href=\"/lib/icons.svg#{(isDescending ? "chevron-down" : "chevron-up")}\"></use></svg>");
        output.Content.SetHtmlContent(link);
    }
}
