// Draws a table as lines. The table is there for whoever wants the numbers, or has no script.
(() => {
  const draw = (canvas) => {
    const table = document.getElementById(canvas.dataset.chart);
    const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
    const rows = [...table.tBodies[0].rows];
    const style = getComputedStyle(document.body);
    const colours = ['--accent', '--warn', '--bad'].map((name) => style.getPropertyValue(name).trim());
    const [quiet, line] = ['--quiet', '--line'].map((name) => style.getPropertyValue(name).trim());
    // Not by colour alone: each line has its own dashes and points.
    const dashes = [[], [8, 4], [2, 3]];
    const points = ['circle', 'rect', 'triangle'];
    return new Chart(canvas, {
      type: 'line',
      data: {
        labels: rows.map((row) => row.cells[0].textContent.trim()),
        datasets: names.map((label, i) => ({
          label,
          data: rows.map((row) => Number(row.cells[i + 1].dataset.value)),
          borderColor: colours[i],
          backgroundColor: colours[i],
          borderDash: dashes[i],
          pointStyle: points[i],
          borderWidth: 2,
        })),
      },
      options: {
        animation: false,
        maintainAspectRatio: false,
        plugins: { legend: { labels: { color: quiet, usePointStyle: true, boxHeight: 6 } } },
        scales: {
          x: { ticks: { color: quiet, maxRotation: 0, autoSkipPadding: 16 }, grid: { color: line } },
          y: { beginAtZero: true, ticks: { color: quiet, precision: 0 }, grid: { color: line } },
        },
      },
    });
  };

  document.addEventListener('DOMContentLoaded', () => document.querySelectorAll('canvas[data-chart]').forEach((canvas) => {
    let chart = draw(canvas);
    // Its colours are those of the theme.
    new MutationObserver(() => { chart.destroy(); chart = draw(canvas); }).observe(document.documentElement, { attributeFilter: ['data-bs-theme'] });
  }));
})();
