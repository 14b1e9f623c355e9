using System.Text;
using KeyVaultApp.Accounts;

namespace KeyVaultApp.Cli;

/// <summary>A password comes by standard input, as one line; at a terminal it is asked for twice and not shown.</summary>
internal static class PasswordInput
{
    /// <exception cref="UsageException">There is none, or it was typed two ways.</exception>
    public static Password Read() => new(Console.IsInputRedirected ? ReadLine() : ReadTwice());

    private static string ReadLine()
    {
        try
        {
            using var input = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false, throwOnInvalidBytes: true));
            var line = new StringBuilder();
            int read;
            // Enough to be found too long, however much comes.
            while ((read = input.Read()) is not (-1 or '\n') && line.Length <= Password.MaxLength + 1) line.Append((char)read);
            if (read == -1 && line.Length == 0) throw new UsageException("The password is expected on standard input, as one line.");
            return line is [.., '\r'] ? line.ToString(0, line.Length - 1) : line.ToString();
        }
        catch (DecoderFallbackException)
        {
            throw new UsageException("The password on standard input is not UTF-8.");
        }
    }

    private static string ReadTwice()
    {
        var first = Ask("Password: ");
        return first == Ask("Once more: ") ? first : throw new UsageException("The two passwords differ.");
    }

    private static string Ask(string question)
    {
        Console.Error.Write(question);
        var typed = new StringBuilder();
        while (Console.ReadKey(intercept: true) is { Key: not ConsoleKey.Enter } key)
        {
            if (key.Key != ConsoleKey.Backspace) typed.Append(key.KeyChar);
            else if (typed.Length > 0) typed.Length--;
        }

        Console.Error.WriteLine();
        return typed.ToString();
    }
}
