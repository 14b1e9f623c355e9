using System.Net;
using System.Net.Sockets;
using KeyVaultApp.IntegrationTests.Harness;
using Npgsql;

namespace KeyVaultApp.IntegrationTests.LegacyKeys.Migration.Faults;

/// <summary>The database goes away in mid-run and comes back, with nothing between the app and it but a wire that is cut.</summary>
public sealed class LostDatabaseTests
{
    [Fact]
    public async Task Run_waits_for_the_database_and_goes_on_where_it_was()
    {
        Databases.PostgreSql.Require();
        Wire? wire = null;
        await using var fleet = await MovedFleet.CreateAsync(Databases.PostgreSql, 1000, 5, app =>
        {
            var server = new NpgsqlConnectionStringBuilder(app.Database.ConnectionString);
            wire = new Wire(server.Host!, server.Port);
            app.Settings["ConnectionStrings__KeyVault"] = new NpgsqlConnectionStringBuilder(server.ToString()) { Host = "127.0.0.1", Port = wire.Port, Timeout = 2 }.ToString();
        });
        await using var cut = wire!;
        var run = await fleet.Admin.StartRunAsync(fleet.Plan);
        await fleet.Admin.UntilAsync(run, told => told.Number("done") > 0);

        await cut.CutAsync();
        await (await fleet.Admin.GetAsync($"{Runs.Address}/{run}")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        var done = await fleet.DoneAsync(run);
        Assert.InRange(done, 1, fleet.Slots - 1);
        Assert.Equal(done, await fleet.DoneAsync(run));
        cut.Mend();

        await fleet.Admin.EndOfAsync(run);
        Assert.Contains(Runs.PieceFailed, fleet.App.Printed, StringComparison.Ordinal);
        await fleet.AssertMovedAsync(run);
    }

    /// <summary>Passes bytes to a server and back, until it is cut: then connections break and new ones are refused.</summary>
    private sealed class Wire : IAsyncDisposable
    {
        private readonly string _host;
        private readonly int _port;
        private readonly List<TcpClient> _ends = [];
        private TcpListener _listener = new(IPAddress.Loopback, 0);
        private Task _accepting;

        public Wire(string host, int port)
        {
            (_host, _port) = (host, port);
            _listener.Start();
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _accepting = AcceptAsync(_listener);
        }

        public int Port { get; }

        public async Task CutAsync()
        {
            _listener.Stop();
            await _accepting;
            lock (_ends)
            {
                foreach (var end in _ends) end.Dispose();
                _ends.Clear();
            }
        }

        public void Mend()
        {
            _listener = new TcpListener(IPAddress.Loopback, Port);
            _listener.Start();
            _accepting = AcceptAsync(_listener);
        }

        public async ValueTask DisposeAsync() => await CutAsync();

        private async Task AcceptAsync(TcpListener listener)
        {
            try
            {
                while (true) _ = PassAsync(await listener.AcceptTcpClientAsync());
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // It was cut.
            }
        }

        private async Task PassAsync(TcpClient near)
        {
            var far = new TcpClient();
            lock (_ends) _ends.AddRange([near, far]);
            try
            {
                await far.ConnectAsync(_host, _port);
                await Task.WhenAny(near.GetStream().CopyToAsync(far.GetStream()), far.GetStream().CopyToAsync(near.GetStream()));
            }
            catch (Exception broken) when (broken is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // It was cut, or one end went away.
            }
            finally
            {
                near.Dispose();
                far.Dispose();
            }
        }
    }
}
