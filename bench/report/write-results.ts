import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Contender } from '../contenders/contender.ts';
import type { Measurement } from '../measurement.ts';
import type { Options } from '../options.ts';
import { machine } from './machine.ts';
import { markdown, type Run } from './markdown.ts';
import { writeMain } from './results-file.ts';
import { median, quantile } from './statistics.ts';
import { svg } from './svg.ts';
import { time } from './units.ts';

export interface Results {
  readonly measurements: readonly Measurement[];
  readonly present: readonly Contender[];
  /** Who is not installed. */
  readonly absent: readonly string[];
  readonly counts: string | undefined;
}

/** Shows them, and keeps those of a whole run: a part of the lines, or less data, is no reason to lose that. */
export function writeResults(
  options: Options,
  { measurements, present, absent, counts }: Results,
): void {
  const { sizes, rounds, args, only, without, isShort } = options;
  const run: Run = {
    measurements,
    sizes,
    rounds,
    contenders: present.map(({ name, version }) => ({ name, version: version() ?? '' })),
    absent,
    counts,
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    machine: machine(),
    date: new Date().toISOString().slice(0, 10),
  };
  const text = markdown(run);
  console.log(`\n${text}`);
  const isWhole = !isShort && only.length + without.length + absent.length === 0;
  const out = options.out ?? (isWhole ? dirname(import.meta.dirname) : undefined);
  if (out === undefined) return;
  writeMain(out, text);
  writeFileSync(join(out, 'results.svg'), svg(run));
  writeFileSync(join(out, 'results.json'), `${JSON.stringify(measurements.map(withoutTimes))}\n`);
  console.log(`Written to ${out}.`);
}

/** Those are of the monotonic clock, and say nothing to others. */
const withoutTimes = ({ window: _, begins: __, ...rest }: Measurement) => rest;

export function oneLine({ contender, line, ms, failure }: Measurement): string {
  if (failure !== undefined) return `  ${contender} ${line}: FAILED. ${failure}`;
  const many = ms.length > 1 ? ` (p99 ${time(quantile(ms, 0.99))} of ${ms.length})` : '';
  return `  ${contender} ${line}: ${ms.length === 0 ? 'taken' : time(median(ms))}${many}`;
}
