using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KeyVaultApp.Web.Tags;

/// <summary>Every form that posts carries the antiforgery token. The framework's own helper leaves it out where the form names its action.</summary>
[HtmlTargetElement("form", Attributes = "[method=post]")]
public sealed class PostFormTag(IHtmlGenerator generator) : TagHelper
{
    /// <summary>After the framework's form helper (-1000), which may have added the token, and before its other one (-900), which renders the content.</summary>
    public override int Order => -950;

    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        // Null where the form has one already.
        if (generator.GenerateAntiforgery(ViewContext) is { } token) output.PostContent.AppendHtml(token);
    }
}
