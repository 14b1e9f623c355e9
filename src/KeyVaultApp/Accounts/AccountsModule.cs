using KeyVaultApp.Domain;
using KeyVaultApp.Storage;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Razor;

namespace KeyVaultApp.Accounts;

public static class AccountsModule
{
    private const string TokenOrSession = "TokenOrSession";
    private const int PasswordHashIterations = 220_000;
    private const int AttemptsBeforeLockout = 5;

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddAuthentication(TokenOrSession)
            .AddPolicyScheme(TokenOrSession, null, either => either.ForwardDefaultSelector = Choose)
            .AddCookie(Session.SchemeName, Session.Configure)
            .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
        DataProtectionKeys.AddTo(services);
        services.AddAuthorization(authorization =>
        {
            foreach (var (policy, roles) in Access.Policies)
                authorization.AddPolicy(policy, builder => builder.RequireRole(roles.Select(role => role.ToString())));
            authorization.FallbackPolicy = authorization.DefaultPolicy;
        });
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = PasswordHashIterations);
        // Before Identity's own, which would take blanks around an address for a part of it.
        services.AddSingleton<ILookupNormalizer, Emails.Normalizer>();
        services.AddIdentityCore<User>(identity =>
        {
            identity.User.RequireUniqueEmail = true;
            // The address is the user name, and our own rules say what an address is.
            identity.User.AllowedUserNameCharacters = "";
            identity.Password.RequiredLength = Password.MinLength;
            identity.Password.RequireDigit = false;
            identity.Password.RequireLowercase = false;
            identity.Password.RequireUppercase = false;
            identity.Password.RequireNonAlphanumeric = false;
            identity.Lockout.MaxFailedAccessAttempts = AttemptsBeforeLockout;
        }).AddEntityFrameworkStores<KeyVaultDb>();
        return services
            .Configure<RazorViewEngineOptions>(razor => razor.ViewLocationFormats.Add("/Accounts/{1}/{0}.cshtml"))
            .AddSingleton<FirstStart>()
            .AddScoped<SetUp>()
            .AddScoped<Attempts>()
            .AddScoped<CheckPassword>()
            .AddScoped<SignInLog>()
            .AddScoped<SignIn>()
            .AddScoped<SignInWithCode>()
            .AddScoped<SecondFactor>()
            .AddScoped<TurnOnSecondFactor>()
            .AddScoped<TurnOffSecondFactor>()
            .AddScoped<RenewRecoveryCodes>()
            .AddScoped<ChangePassword>()
            .AddScoped<AddUser>()
            .AddScoped<ListUsers>()
            .AddScoped<GetUser>()
            .AddScoped<ChangeUser>()
            .AddScoped<DisableUser>()
            .AddScoped<EnableUser>()
            .AddScoped<ResetPassword>()
            .AddScoped<CreateToken>()
            .AddScoped<ListTokens>()
            .AddScoped<RevokeToken>();
    }

    /// <summary>Whoever sends the header means to be known by it: the cookie is not looked at then.</summary>
    private static string Choose(HttpContext http) =>
        http.Request.Headers.ContainsKey("Authorization") ? TokenAuthentication.SchemeName : Session.SchemeName;
}
