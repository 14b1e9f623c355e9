using System.Data.Common;
using KeyVaultApp.Cli;
using KeyVaultApp.Domain;
using KeyVaultApp.Web;

namespace KeyVaultApp.LegacyKeys.Migration;

/// <summary>Works on a run in the process of a command, telling how far it is on standard error.</summary>
internal static class RunHere
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Goes on with a run here. An instance that was killed is waited for until its lease has run out. Ctrl-C meanwhile pauses
    /// what nobody has taken up yet.
    /// </summary>
    public static async Task ResumeAsync(VerbContext verb, Guid id)
    {
        // Broken off, nobody would know whether it is resumed: so it is not.
        if (!await verb.Get<ResumeRun>().RunAsync(id, VerbHost.Operator, CancellationToken.None, here: true)) await WaitForAsync(verb, id);
        await GoAsync(verb, id);
    }

    /// <summary>Works until the run has ended or was paused. Ctrl-C pauses it.</summary>
    public static async Task GoAsync(VerbContext verb, Guid id)
    {
        var (worker, clock) = (verb.Get<RunWorker>(), verb.Get<TimeProvider>());
        var work = Task.Run(() => worker.RunAsync(id, verb.Cancelled, VerbHost.Operator), CancellationToken.None);
        var progress = new RunProgress(Console.Error, Console.IsErrorRedirected, clock);
        do await TellAsync(verb, id, progress);
        while (await Task.WhenAny(work, Task.Delay(progress.Pause, clock, CancellationToken.None)) != work);
        await work;

        var run = await ReadAsync(verb, id);
        progress.End(run);
        verb.Print(run, RunVerbs.Lines);
        if (run.State == RunState.Failed) throw new VerbFailedException($"The run failed. {run.Error}");
        if (!run.HasEnded && verb.Cancelled.IsCancellationRequested) throw new VerbFailedException(run.State == RunState.Paused
            ? "Paused before its end."
            : $"The run could not be paused, and goes on where an instance serves. To pause it:  migrate pause {id}");
    }

    private static async Task WaitForAsync(VerbContext verb, Guid id)
    {
        try
        {
            await TakeUpAsync(verb, id);
        }
        catch (OperationCanceledException) when (verb.Cancelled.IsCancellationRequested)
        {
            if ((await ReadAsync(verb, id)).State == RunState.Pending) await PauseAsync(verb, id);
            throw;
        }
    }

    /// <summary>What was taken is told by the answer alone, so nothing breaks that off.</summary>
    private static async Task TakeUpAsync(VerbContext verb, Guid id)
    {
        var clock = verb.Get<TimeProvider>();
        for (var waited = TimeSpan.Zero; await InScopeAsync(verb, scope => scope.GetRequiredService<TakeUpRun>().RunAsync(id, CancellationToken.None)) is null; waited += Look)
        {
            var run = await ReadAsync(verb, id);
            if (run.State is not (RunState.Pending or RunState.Running)) return;
            if (waited > RunLease.Length + Look)
                throw Refusal.Conflict("migration_running", $"{run.Holder} works on the run. It goes on there; migrate status {id} tells how far it is.");
            if (waited == TimeSpan.Zero) await Console.Error.WriteLineAsync($"{run.Holder} works on the run, or was killed: waiting until that is clear.");
            await Task.Delay(Look, clock, verb.Cancelled);
        }
    }

    /// <summary>While the database is away the work waits for it, and there is nothing to tell.</summary>
    private static async Task TellAsync(VerbContext verb, Guid id, RunProgress progress)
    {
        try
        {
            progress.Tell(await ReadAsync(verb, id));
        }
        catch (Exception exception) when (exception is DbException or InvalidOperationException or TimeoutException)
        {
            // The next look tells.
        }
    }

    private static async Task PauseAsync(VerbContext verb, Guid id)
    {
        try
        {
            await InScopeAsync(verb, async scope =>
            {
                await scope.GetRequiredService<PauseRun>().RunAsync(id, VerbHost.Operator, CancellationToken.None);
                return true;
            });
        }
        catch (Refusal)
        {
            // It was at its end already.
        }
    }

    private static Task<GetRun.Answer> ReadAsync(VerbContext verb, Guid id) =>
        InScopeAsync(verb, scope => scope.GetRequiredService<GetRun>().RunAsync(id, CancellationToken.None));

    private static async Task<T> InScopeAsync<T>(VerbContext verb, Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = verb.App.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }
}
