using System.Diagnostics;
using System.Text;

namespace KeyVaultApp.IntegrationTests.Harness;

/// <summary>What a verb left behind.</summary>
public sealed record CliResult(int ExitCode, string Output, string Errors)
{
    /// <summary>The last line that is not empty: where a verb prints the one thing that a caller wants.</summary>
    public string LastLine => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";

    public CliResult Expect(int exitCode)
    {
        Assert.True(ExitCode == exitCode, $"Exit code {ExitCode} instead of {exitCode}.\n{Output}\n{Errors}");
        return this;
    }
}

/// <summary>One run of the real binary, with everything it prints. No wait on it lasts longer than <see cref="TimeLimit"/>.</summary>
internal sealed class AppProcess : IAsyncDisposable
{
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(120);

    private readonly Process _process;
    private readonly Captured _output = new();
    private readonly Captured _errors = new();

    private AppProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => _output.Add(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.Add(line.Data);
    }

    public string Output => _output.ToString();

    public string Errors => _errors.ToString();

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public int Id => _process.Id;

    /// <param name="input">For standard input, which ends behind it.</param>
    public static async Task<AppProcess> StartAsync(
        IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, string workingFolder, string? input = null)
    {
        var start = new ProcessStartInfo("dotnet", [Repository.AppFile, .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // Most processes end before the runtime would gain anything by watching which code is hot.
        start.Environment["DOTNET_TieredPGO"] = "0";
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var app = new AppProcess(start);
        app._process.Start();
        app._process.BeginOutputReadLine();
        app._process.BeginErrorReadLine();
        try
        {
            if (input is not null) await app._process.StandardInput.WriteAsync(input);
            app._process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading: its exit code says why.
        }

        return app;
    }

    /// <summary>Waits for the end, and for all that was printed before it.</summary>
    public async Task<CliResult> WaitAsync(TimeSpan? limit = null)
    {
        using var timeout = new CancellationTokenSource(limit ?? TimeLimit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException late)
        {
            Kill();
            throw new TimeoutException($"The app did not end in time.\n{Output}\n{Errors}", late);
        }

        return new CliResult(_process.ExitCode, Output, Errors);
    }

    /// <summary>Waits until a line of standard output satisfies <paramref name="find"/>.</summary>
    public async Task<T> WaitForLineAsync<T>(Func<string, T?> find, TimeSpan? limit = null) where T : class
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var ended = HasExited;
            // The capture is complete only once the streams have ended too.
            if (ended) await WaitAsync(limit);
            if (Output.Split('\n').Select(find).FirstOrDefault(found => found is not null) is { } found) return found;
            if (ended) throw new InvalidOperationException($"The app ended with exit code {ExitCode}.\n{Output}\n{Errors}");
            if (Stopwatch.GetElapsedTime(started) > (limit ?? TimeLimit)) throw new TimeoutException($"The app did not say so in time.\n{Output}\n{Errors}");
            await Task.Delay(50);
        }
    }

    /// <summary>As <c>kill -9</c> does: no handler runs.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    /// <summary>As a service manager stops it.</summary>
    public void Terminate() => Signal("-TERM");

    /// <summary>As Ctrl-C does.</summary>
    public void Interrupt() => Signal("-INT");

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) Kill();
        await WaitAsync();
        _process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process.Id}"]);
        kill.WaitForExit();
    }

    private sealed class Captured
    {
        private readonly StringBuilder _text = new();

        public void Add(string? line)
        {
            if (line is null) return;
            lock (_text) _text.Append(line).Append('\n');
        }

        public override string ToString()
        {
            lock (_text) return _text.ToString();
        }
    }
}
