// Fills wwwroot/lib from node_modules: the files that pages load, and a sprite of the icons that they show.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';

const lib = new URL('./wwwroot/lib/', import.meta.url);
const modules = new URL('./node_modules/', import.meta.url);

const files = [
  'bootstrap/dist/css/bootstrap.min.css',
  'bootstrap/dist/js/bootstrap.bundle.min.js',
  'chart.js/dist/chart.umd.min.js',
  'htmx.org/dist/htmx.min.js',
  'tom-select/dist/css/tom-select.bootstrap5.min.css',
  'tom-select/dist/js/tom-select.complete.min.js',
];

const icons = [
  'activity', 'arrow-left', 'arrow-left-right', 'arrow-repeat', 'box-arrow-right', 'braces', 'building', 'check-circle-fill', 'check-lg',
  'chevron-down', 'chevron-up', 'circle-half', 'clipboard', 'clock-history', 'dash-circle', 'diagram-3', 'download', 'exclamation-octagon-fill',
  'exclamation-triangle-fill', 'eye', 'eye-slash', 'file-earmark-spreadsheet', 'gear', 'house', 'info-circle-fill', 'key', 'list', 'lock', 'moon-stars', 'pencil',
  'people', 'person-circle', 'plus-lg', 'robot', 'search', 'shield-check', 'slash-circle', 'sun', 'trash', 'upload', 'x-circle-fill', 'x-lg',
];

await rm(lib, { recursive: true, force: true });
await mkdir(lib, { recursive: true });
for (const file of files) await cp(new URL(file, modules), new URL(file.split('/').at(-1), lib));

const symbols = await Promise.all(icons.map(async (icon) => {
  const svg = await readFile(new URL(`bootstrap-icons/icons/${icon}.svg`, modules), 'utf8');
  return svg.replace(/<svg[^>]*>/, `<symbol id="${icon}" viewBox="0 0 16 16">`).replace('</svg>', '</symbol>').trim();
}));
await writeFile(new URL('icons.svg', lib), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`);
await writeFile(new URL('.restored', lib), '');
