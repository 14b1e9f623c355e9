// Keeps a page that shows a run up to date: by server-sent events, or by asking every 3 seconds where these do not get through.
(() => {
  const panel = document.querySelector('[data-run-events]');
  if (!panel) return;
  const pause = 3000;
  const failuresUntilPolling = 3;
  const ended = ['completed', 'stopped', 'failed'];
  const number = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
  const before = document.querySelector('[data-run=state]').textContent;
  // As the page was made: a run may have ended before the first event.
  const state = panel.dataset.runState;
  let last = state;

  const took = (seconds) => seconds < 90 ? `${Math.ceil(seconds)} s` : seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;

  const put = (name, text) => document.querySelectorAll(`[data-run="${name}"]`).forEach((element) => {
    if (element.textContent !== text) element.textContent = text;
  });

  const show = (run) => {
    // Other buttons and another report belong to another state: those the server makes.
    last = run.state;
    if (last !== state) return location.reload();
    const bar = document.querySelector('[data-run=progress]');
    bar.value = run.done;
    for (const name of ['done', 'linked', 'restored', 'created', 'assigned']) put(name, number.format(run[name]));
    // One that was hidden has its first slot now.
    document.querySelectorAll('[data-run-outcome]').forEach((element) => {
      const slots = run.outcomes[element.dataset.runOutcome] ?? 0;
      element.textContent = number.format(slots);
      element.closest('a').hidden = slots === 0;
    });
    put('rate', number.format(run.rate ?? 0));
    put('left', run.seconds_left == null ? 'not known yet' : took(run.seconds_left));
    put('holder', run.holder ?? 'nobody just now');
    put('state', run.request === 'none' ? before : `running, about to ${run.request}`);
  };

  const poll = async () => {
    try {
      const answer = await fetch(panel.dataset.runPoll, { headers: { Accept: 'application/json' } });
      if (answer.ok) show(await answer.json());
    } catch {
      // The server is away: the next look tells.
    }
    if (!ended.includes(last)) setTimeout(poll, pause);
  };

  let failures = 0;
  const source = new EventSource(panel.dataset.runEvents);
  source.addEventListener('run', (event) => {
    failures = 0;
    const run = JSON.parse(event.data);
    if (ended.includes(run.state)) source.close();
    show(run);
  });
  source.addEventListener('error', () => {
    failures += 1;
    if (failures < failuresUntilPolling && source.readyState !== EventSource.CLOSED) return;
    source.close();
    poll();
  });
})();
