using System.CommandLine;
using KeyVaultApp.Accounts;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.Cli;

internal sealed class TokenVerbs : IVerb
{
    public void AddTo(RootCommand root, VerbHost host)
    {
        var name = new Option<string>("--name") { Description = "What the token is for.", Required = true };
        var role = new Option<string>("--role") { Description = "What it may do; only a resolver reads values.", Required = true };
        role.AcceptOnlyFromAmong("admin", "ops", "resolver");
        var all = new Option<bool>("--all-workspaces") { Description = "A resolver of every workspace, also of those to come." };
        var expires = new Option<string>("--expires") { Description = "From when on it no longer works: a date or a time in ISO 8601, UTC.", HelpName = "date" };
        var id = new Argument<Guid>("id") { Description = "As tokens list shows it." };

        var create = new Command("create", "Make a token, and print it once, alone on the last line. A resolver names its workspaces, or all of them.")
        {
            name, role, VerbHost.Workspaces, all, expires, VerbHost.Json,
        };
        var list = new Command("list", "List the tokens, without showing any.") { VerbHost.Json };
        var revoke = new Command("revoke", "Make a token worthless, for good.") { id, VerbHost.Json };
        root.Subcommands.Add(new Command("tokens", "What programs call the API with.") { create, list, revoke });

        host.Handle(create, Needs.Installation, async verb =>
        {
            var made = await UsageException.OfAsync(CreateAsync(verb));
            verb.Print(new { made.Id, made.Token }, _ => [$"Token {made.Id}, shown this once:", made.Token]);
        });
        host.Handle(list, Needs.Installation, async verb =>
        {
            var tokens = await EveryPage.OfAsync(page => verb.Get<ListTokens>().RunAsync(page, verb.Cancelled));
            verb.Print(tokens, _ => tokens.Select(Line));
        });
        host.Handle(revoke, Needs.Installation, async verb =>
        {
            var token = verb.Parsed.GetValue(id);
            await verb.Get<RevokeToken>().RunAsync(token, VerbHost.Operator, verb.Cancelled);
            verb.Print(new { Id = token }, _ => ["The token is revoked."]);
        });

        async Task<CreateToken.Created> CreateAsync(VerbContext verb)
        {
            var form = new CreateToken.Form(
                verb.Parsed.GetValue(name),
                Fields.Word<Role>(verb.Parsed.GetValue(role), "role"),
                verb.Parsed.GetValue(VerbHost.Workspaces),
                verb.Parsed.GetValue(all),
                verb.Parsed.GetValue(expires) is { } date ? Fields.Time(date, "expires") ?? throw new UsageException("expires is blank.") : null);
            return await verb.Get<CreateToken>().RunAsync(form, VerbHost.Operator, verb.Cancelled);
        }
    }

    private static string Line(ListTokens.Row token) => string.Join("  ", [
        token.Id.ToString(),
        token.Name,
        Fields.WordOf(token.Role),
        token.State switch
        {
            ListTokens.State.Revoked => $"revoked {token.RevokedAt:yyyy-MM-dd}",
            ListTokens.State.Expired => $"expired {token.ExpiresAt:yyyy-MM-dd HH:mm}",
            _ when token.ExpiresAt is { } expires => $"active until {expires:yyyy-MM-dd HH:mm}",
            _ => "active",
        },
        .. token.AllWorkspaces ? ["all workspaces"] : token.Workspaces.Select(workspace => workspace.Name),
    ]);
}
