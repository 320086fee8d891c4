import type { Contender } from '../contenders/contender.ts';
import { GOALS } from './goals.ts';
import type { Run } from './markdown.ts';
import { type Summary, summarize } from './summary.ts';
import { time } from './units.ts';

const COLORS: Readonly<Record<Contender['name'], string>> = {
  Syncer: '#1565c0',
  rsync: '#9e9e9e',
  Unison: '#8d6e63',
  Syncthing: '#7cb342',
};

/** All in pixels. */
const LAYOUT = {
  left: 250,
  width: 560,
  right: 90,
  bar: 12,
  gap: 2,
  between: 16,
  top: 56,
  bottom: 34,
};

interface Group {
  readonly title: string;
  readonly bars: readonly { readonly name: Contender['name']; readonly summary: Summary }[];
}

/** The times of all lines, one bar for each contender, on a logarithmic scale: a tenth of it is 10 times as quick. */
export function svg(run: Run): string {
  const groups = groupsOf(run);
  const all = groups.flatMap(({ bars }) => bars.flatMap(({ summary }) => summary.spread));
  const scale = logarithmic(all);
  let y = LAYOUT.top;
  const drawn = groups.map((group) => {
    const from = y;
    y += group.bars.length * (LAYOUT.bar + LAYOUT.gap) + LAYOUT.between;
    return draw(group, from, scale);
  });
  const height = y + LAYOUT.bottom;
  const width = LAYOUT.left + LAYOUT.width + LAYOUT.right;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="11">
<title>How long each line takes: Syncer, rsync, Unison and Syncthing</title>
<rect width="100%" height="100%" fill="white"/>
${[legend(run), ...scale.marks.map((mark) => line(mark, scale, y)), ...drawn].join('\n')}
<text x="${LAYOUT.left}" y="${height - 8}" fill="#555">${escaped(`${run.date}, ${run.machine}`)}</text>
</svg>
`;
}

function groupsOf(run: Run): Group[] {
  return GOALS.flatMap(({ line: key, title }) => {
    const bars = run.contenders.flatMap(({ name }) => {
      const summary = summarize(run.measurements, { line: key, contender: name });
      return summary === undefined || Number.isNaN(summary.median) ? [] : [{ name, summary }];
    });
    return bars.length === 0 ? [] : [{ title: title(run.sizes), bars }];
  });
}

interface Scale {
  readonly marks: readonly number[];
  x(ms: number): number;
}

function logarithmic(values: readonly number[]): Scale {
  const low = Math.floor(Math.log10(Math.min(...values, 10)));
  const high = Math.ceil(Math.log10(Math.max(...values, 100)));
  return {
    marks: Array.from({ length: high - low + 1 }, (_, at) => 10 ** (low + at)),
    x: (ms) => LAYOUT.left + (LAYOUT.width * (Math.log10(ms) - low)) / (high - low),
  };
}

function draw({ title, bars }: Group, from: number, { x }: Scale): string {
  const rows = bars.map(({ name, summary }, at) => {
    const y = from + at * (LAYOUT.bar + LAYOUT.gap);
    const middle = y + LAYOUT.bar / 2;
    const end = x(summary.median);
    const [least, most] = summary.spread;
    return `<rect x="${LAYOUT.left}" y="${y}" width="${pixels(end - LAYOUT.left)}" height="${LAYOUT.bar}" fill="${COLORS[name]}"/>
<line x1="${pixels(x(least))}" x2="${pixels(x(most))}" y1="${middle}" y2="${middle}" stroke="black"/>
<text x="${pixels(x(most) + 5)}" y="${middle + 4}">${time(summary.median)}</text>`;
  });
  const label = from + (bars.length * (LAYOUT.bar + LAYOUT.gap)) / 2 + 3;
  return `<text x="${LAYOUT.left - 8}" y="${label}" text-anchor="end">${escaped(title)}</text>
${rows.join('\n')}`;
}

const line = (ms: number, { x }: Scale, bottom: number): string =>
  `<line x1="${pixels(x(ms))}" x2="${pixels(x(ms))}" y1="${LAYOUT.top - 8}" y2="${bottom}" stroke="#ddd"/>
<text x="${pixels(x(ms))}" y="${LAYOUT.top - 12}" text-anchor="middle" fill="#555">${time(ms)}</text>`;

const legend = ({ contenders }: Run): string =>
  contenders
    .map(
      ({ name }, at) =>
        `<rect x="${LAYOUT.left + at * 100}" y="12" width="12" height="12" fill="${COLORS[name]}"/>
<text x="${LAYOUT.left + at * 100 + 18}" y="22">${name}</text>`,
    )
    .join('\n');

const pixels = (value: number): string => Math.max(0, value).toFixed(1);

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
