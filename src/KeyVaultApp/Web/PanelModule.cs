using Microsoft.AspNetCore.CookiePolicy;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using Microsoft.AspNetCore.Mvc.Razor;

namespace KeyVaultApp.Web;

/// <summary>The pages: server-rendered, beside the slices they call. Every action works as a plain form post.</summary>
public static class PanelModule
{
    public const string AntiforgeryHeader = "RequestVerificationToken";

    public static IServiceCollection AddPanel(this IServiceCollection services)
    {
        services.AddControllersWithViews(mvc =>
        {
            mvc.Conventions.Add(new AddressBinding());
            mvc.ModelBinderProviders.Insert(0, new UtcTimeBinding());
            mvc.ModelMetadataDetailsProviders.Add(new SnakeCaseBinding());
            mvc.ModelBinderProviders.Insert(0, new OptionalBinding());
            mvc.ModelBinderProviders.Insert(0, new WordBinding());
            KeepValuesOutOfMessages(mvc.ModelBindingMessageProvider);
        });
        services.Configure<RazorViewEngineOptions>(razor =>
        {
            razor.ViewLocationFormats.Clear();
            razor.ViewLocationFormats.Add("/{1}/{0}.cshtml");
            razor.ViewLocationFormats.Add("/Web/Shared/{0}.cshtml");
            // The shell knows who is signed in and every page there is, so it belongs to the composition.
            razor.ViewLocationFormats.Add("/{0}.cshtml");
            razor.ViewLocationExpanders.Add(new ViewsBesideControllers());
        });
        // The __Host- prefix wants Secure; antiforgery itself would refuse plain HTTP on loopback, so the cookie policy adds it.
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "__Host-keyvault-form";
            antiforgery.HeaderName = AntiforgeryHeader;
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.Configure<CookieTempDataProviderOptions>(cookie => cookie.Cookie.Name = "__Host-keyvault-word");
        services.Configure<CookiePolicyOptions>(cookies =>
        {
            cookies.Secure = CookieSecurePolicy.Always;
            cookies.HttpOnly = HttpOnlyPolicy.Always;
            cookies.MinimumSameSitePolicy = SameSiteMode.Lax;
        });
        return services;
    }

    /// <summary>Pages have policies of their own; what they load is for everybody, the sign-in page needs it too.</summary>
    public static void MapPanel(this WebApplication app)
    {
        app.MapStaticAssets().AllowAnonymous();
        app.MapControllers();
    }

    /// <summary>The framework would repeat what was typed into the wrong field, and that can be a key.</summary>
    private static void KeepValuesOutOfMessages(DefaultModelBindingMessageProvider messages)
    {
        messages.SetAttemptedValueIsInvalidAccessor((_, field) => $"{field} cannot be read.");
        messages.SetNonPropertyAttemptedValueIsInvalidAccessor(_ => "This cannot be read.");
        messages.SetValueIsInvalidAccessor(_ => "This cannot be read.");
        messages.SetUnknownValueIsInvalidAccessor(field => $"{field} cannot be read.");
        messages.SetValueMustNotBeNullAccessor(_ => "This is missing.");
    }
}
