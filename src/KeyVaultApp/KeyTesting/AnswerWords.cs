using KeyVaultApp.Domain;

namespace KeyVaultApp.KeyTesting;

/// <summary>Why a test was inconclusive.</summary>
internal enum Cause
{
    UnknownHost,
    Unreachable,
    Closed,
    Slow,
    Certificate,
    RefusedAddress,
    Garbled,
    TooLarge,
    Redirected,
    AskedTooOften,
    ProviderTrouble,
    Unexpected,
    NotSendable,
}

/// <summary>What a test means, in sentences that a person can act on.</summary>
internal static class AnswerWords
{
    public static string Of(TestOutcome outcome, string title) => outcome switch
    {
        TestOutcome.Valid => $"{title} takes the key.",
        TestOutcome.Rejected => $"{title} refuses the key: it is wrong, or it was revoked.",
        _ => $"{title} did not say whether the key is good.",
    };

    public static string Of(Cause cause, Provider provider, string host) => cause switch
    {
        Cause.UnknownHost => $"{host} has no address here. Check the network's name service, or BaseUrl in the settings of {provider.Name}.",
        Cause.Unreachable => $"{host} cannot be reached from this server. Check that outgoing connections to it are open, and test again.",
        Cause.Closed => $"{host} closed the connection before it answered. Test again; if it stays so, something between here and there cuts it.",
        Cause.Slow => $"{host} did not answer within {provider.TimeLimit.TotalSeconds:0.#} seconds. Test again later.",
        Cause.Certificate => $"{host} did not prove that it is {host}: its certificate is not trusted here, so the key was not sent. Check what stands between here and there.",
        Cause.RefusedAddress => $"{host} leads to a loopback, private or otherwise local address, so the key was not sent. If that is meant, set AllowPrivateNetwork for {provider.Name}.",
        Cause.Garbled => $"{host} answered with something that cannot be read. Check that BaseUrl of {provider.Name} names the provider.",
        Cause.TooLarge => $"{host} answered with more than is read of an answer. Check that BaseUrl of {provider.Name} names the provider.",
        Cause.Redirected => $"{host} sent the question on to another address, and a key is never sent on. Check BaseUrl of {provider.Name}.",
        Cause.AskedTooOften => $"{provider.Title} is being asked too often just now. Test again in a few minutes.",
        Cause.ProviderTrouble => $"{provider.Title} has trouble of its own. Test again later.",
        Cause.NotSendable => "The value has blanks around it or characters that no request can carry, so it was not sent. Copy the key again from the provider.",
        _ => $"{provider.Title} answered in a way that does not say whether the key is good. Try the key where it is meant to work.",
    };
}
