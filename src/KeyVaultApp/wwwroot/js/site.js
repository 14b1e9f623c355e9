// Small helps on top of pages that work without them.
(() => {
  const root = document.documentElement;

  document.addEventListener('click', (event) => {
    if (!event.target.closest('[data-theme-switch]')) return;
    root.dataset.bsTheme = root.dataset.bsTheme === 'dark' ? 'light' : 'dark';
    localStorage.setItem('theme', root.dataset.bsTheme);
  });

  // Shows what is being typed into a secret field, on demand.
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-reveal]');
    if (!button) return;
    const input = document.getElementById(button.dataset.reveal);
    const show = input.type === 'password';
    input.type = show ? 'text' : 'password';
    button.setAttribute('aria-pressed', String(show));
  });

  // "All on this page" above a list of checkboxes, and how many are ticked in the bar below it.
  document.addEventListener('change', (event) => {
    const all = event.target.closest('[data-check-all]');
    if (all) document.querySelectorAll(`input[name="${all.dataset.checkAll}"]:not(:disabled)`).forEach((box) => { box.checked = all.checked; });
    const count = event.target.form?.querySelector('[data-ticked]');
    if (!count) return;
    const ticked = event.target.form.querySelectorAll(`input[name="${count.dataset.ticked}"]:checked`).length;
    count.textContent = ticked > 0 ? ` (${ticked})` : '';
  });

  // A file that is too large is refused before it is sent: the server would hang up in the middle of it.
  document.addEventListener('change', (event) => {
    const input = event.target.closest('[data-largest]');
    if (!input) return;
    const megabytes = (bytes) => Math.ceil(bytes / 1024 / 1024);
    const [file, largest] = [input.files[0], Number(input.dataset.largest)];
    input.setCustomValidity(file?.size > largest ? `${file.name} has ${megabytes(file.size)} MB, and ${megabytes(largest)} MB is the most. Choose another file.` : '');
    input.reportValidity();
  });

  // A copy button beside what is shown once.
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('[data-copy]');
    if (!button) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.querySelector('[data-copied]').textContent = 'Copied';
  });

  // A form is sent once, however often its button is pressed.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post') return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'true';
  });
  window.addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach((form) => delete form.dataset.sent));

  // Providers are offered for the kind that is chosen.
  const offered = document.querySelector('[data-offered-for]');
  const decides = offered && document.getElementById(`field-${offered.dataset.offeredFor}`);
  if (decides) {
    const all = [...offered.options];
    const offer = () => offered.replaceChildren(...all.filter((option) => !decides.value || option.dataset.kinds.split(' ').includes(decides.value)));
    decides.addEventListener('change', offer);
    offer();
  }

  // A long list is offered in part; what is typed looks through all of it.
  const lookUp = (address) => async (typed, done) => {
    const answer = await fetch(`${address}?page_size=50&search=${encodeURIComponent(typed)}`).catch(() => null);
    const found = answer?.ok ? await answer.json() : { items: [] };
    done(found.items.map((row) => ({ value: row.id, text: row.name })));
  };

  const enhance = (scope) => {
    scope.querySelectorAll('select[data-picker]:not(.tomselected)').forEach((select) => {
      new TomSelect(select, {
        maxOptions: null,
        allowEmptyOption: true,
        // An open list would lie over the button that comes next.
        closeAfterSelect: true,
        load: select.dataset.search ? lookUp(select.dataset.search) : null,
        plugins: select.multiple ? ['remove_button'] : [],
      });
    });
  };

  document.addEventListener('DOMContentLoaded', () => {
    enhance(document);
    document.querySelector('[data-focus]')?.focus();
  });
  document.addEventListener('htmx:afterSettle', (event) => enhance(event.target));
})();
