import type { Measurement } from '../measurement.ts';
import { busyIn, type Share, sharesOf } from '../profile.ts';
import type { Program } from '../system/program.ts';
import { quantile } from './statistics.ts';

export interface Profiled {
  /** Where the profiles are. */
  readonly directory: string;
  readonly programs: readonly Program[];
  /** How many functions are told of. */
  readonly top: number;
}

/** For each process that did something while this was measured: its functions, the costliest first. */
export function printProfile(
  measurement: Measurement,
  { directory, programs, top }: Profiled,
): string {
  const { line, ms, window, cpu } = measurement;
  const wall = (window[1] - window[0]) / 1e6;
  const head = `== ${line}: ${wall.toFixed(0)} ms${ms.length > 1 ? ` for ${ms.length}` : ''}`;
  const parts = programs.flatMap(({ role, pid }) => {
    const shares = sharesOf(directory, { pid, window });
    if (shares.length === 0) return [];
    const rows = shares.slice(0, top).flatMap((share, at) => rowsOf(share, at < WITH_WAYS));
    const { windows, what } = timesOf(measurement);
    const busy = busyIn(directory, { pid, windows, parts: PARTS });
    return [
      `-- ${role}, ${(cpu[role] ?? 0).toFixed(2)} s of CPU; ms in itself, with what it called`,
      `   busy |${busy.map(bar).join('')}| ${what}`,
      ...rows,
    ];
  });
  return [head, ...parts].join('\n');
}

/** Of several, the average: all laid upon each other at their beginnings, as long as most of them took. */
function timesOf({ window, begins = [], ms }: Measurement) {
  if (begins.length === 0) return { windows: [window], what: 'from the beginning to the end' };
  const length = quantile(ms, 0.9);
  const windows = begins.map((begin) => [begin, begin + length * 1e6] as const);
  return { windows, what: `the first ${length.toFixed(0)} ms of each, on average` };
}

const PARTS = 60;
const BARS = ' ▁▂▃▄▅▆▇█';

const bar = (busy: number): string =>
  BARS.charAt(Math.min(BARS.length - 1, Math.round(busy * (BARS.length - 1))));

/** Of how many functions it is told who called them. */
const WITH_WAYS = 8;

function rowsOf({ name, self, total, ways }: Share, isWithWays: boolean): string[] {
  const row = `${self.toFixed(0).padStart(7)} ${total.toFixed(0).padStart(7)}  ${name}`;
  if (!isWithWays) return [row];
  const most = [...ways].sort(([, a], [, b]) => b - a).slice(0, 4);
  return [
    row,
    ...most
      .filter(([way, ms]) => way !== '' && ms > self / 20)
      .map(([way, ms]) => `${' '.repeat(17)}${ms.toFixed(0)} < ${way}`),
  ];
}
