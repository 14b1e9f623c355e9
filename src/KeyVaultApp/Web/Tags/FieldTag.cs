using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace KeyVaultApp.Web.Tags;

/// <summary>
/// A labelled field with its hint and its error: <c>&lt;field name="name" label="Name" value="@Model.Name" required /&gt;</c>, or
/// with a control of its own inside, which takes <c>id</c>, <c>aria-describedby</c> and <c>aria-invalid</c> from <see cref="FieldParts"/>.
/// </summary>
[HtmlTargetElement("field")]
public sealed class FieldTag : TagHelper
{
    public string Name { get; set; } = "";
    public string Label { get; set; } = "";
    public string? Hint { get; set; }
    public string? Value { get; set; }
    public string Type { get; set; } = "text";
    public bool Required { get; set; }
    public string? Autocomplete { get; set; }
    public int? Maxlength { get; set; }
    public string? Placeholder { get; set; }

    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    public override async Task ProcessAsync(TagHelperContext context, TagHelperOutput output)
    {
        var parts = FieldParts.Of(Name, Hint is not null, ViewContext.ModelState);
        var control = await output.GetChildContentAsync();
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "mb-3");

        var label = new TagBuilder("label");
        label.AddCssClass("form-label");
        label.Attributes["for"] = parts.Id;
        label.InnerHtml.Append(Label);
        if (!Required) label.InnerHtml.AppendHtml(" <span class=\"optional\">optional</span>");
        output.Content.AppendHtml(label);

        if (control.IsEmptyOrWhiteSpace) output.Content.AppendHtml(Input(parts));
        else output.Content.AppendHtml(control);

        if (Hint is not null) output.Content.AppendHtml(Text("div", "form-text", $"{parts.Id}-hint", Hint));
        if (parts.Error is not null) output.Content.AppendHtml(Text("div", "field-error", $"{parts.Id}-error", parts.Error));
    }

    private TagBuilder Input(FieldParts parts)
    {
        var input = new TagBuilder("input") { TagRenderMode = TagRenderMode.SelfClosing };
        input.AddCssClass(parts.Error is null ? "form-control" : "form-control is-invalid");
        input.Attributes["id"] = parts.Id;
        input.Attributes["name"] = Name;
        input.Attributes["type"] = Type;
        // A secret is never sent back, not even to the person who typed it.
        if (Type != "password" && Value is not null) input.Attributes["value"] = Value;
        if (Required) input.Attributes["required"] = "required";
        if (Autocomplete is not null) input.Attributes["autocomplete"] = Autocomplete;
        if (Maxlength is { } most) input.Attributes["maxlength"] = most.ToString();
        if (Placeholder is not null) input.Attributes["placeholder"] = Placeholder;
        if (parts.DescribedBy is not null) input.Attributes["aria-describedby"] = parts.DescribedBy;
        if (parts.Error is not null) input.Attributes["aria-invalid"] = "true";
        return input;
    }

    private static TagBuilder Text(string tag, string css, string id, string text)
    {
        var builder = new TagBuilder(tag);
        builder.AddCssClass(css);
        builder.Attributes["id"] = id;
        builder.InnerHtml.Append(text);
        return builder;
    }
}
