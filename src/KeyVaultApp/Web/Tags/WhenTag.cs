using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KeyVaultApp.Web.Tags;

/// <summary><c>&lt;when at="@row.UpdatedAt" /&gt;</c>: a time in UTC, to the minute; with <c>day</c> the date alone.</summary>
[HtmlTargetElement("when", TagStructure = TagStructure.WithoutEndTag)]
public sealed class WhenTag : TagHelper
{
    public DateTimeOffset At { get; set; }
    public bool Day { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
        output.Attributes.SetAttribute("class", "when");
        output.Content.SetContent(At.UtcDateTime.ToString(Day ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm 'UTC'"));
    }
}
