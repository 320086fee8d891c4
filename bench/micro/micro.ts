import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { count, time } from '../report/units.ts';
import { commits } from './commits.ts';
import { contents } from './contents.ts';
import { decision } from './decision.ts';
import { fanOut } from './fan-out.ts';
import type { Timed } from './time-it.ts';

/** What the parts take by themselves, in this process; answers a table. */
export async function micro(directory: string): Promise<string> {
  const here = join(directory, 'micro');
  mkdirSync(here);
  const all = [
    ...(await contents()),
    ...(await decision()),
    ...(await commits(here)),
    ...(await fanOut()),
  ];
  const rows = all.map(
    (timed) => `| ${timed.what} | ${time(timed.ms)} | ${spread(timed)} | ${rate(timed)} |`,
  );
  return ['| | median | least to most | |', '|---|---|---|---|', ...rows].join('\n');
}

const spread = ({ spread: [least, most] }: Timed): string => `${time(least)} to ${time(most)}`;

const rate = ({ amount, ms }: Timed): string =>
  amount === undefined
    ? ''
    : `${count(Math.round((1000 * amount.count) / ms))} ${amount.unit} a second`;
