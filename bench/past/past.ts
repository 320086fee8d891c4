import { mkdirSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import type { Ours } from '../contenders/contender.ts';
import { openServer, stopAll } from '../contenders/syncer.ts';
import { machine } from '../report/machine.ts';
import { bytes, count, time } from '../report/units.ts';
import type { Network } from '../system/network.ts';
import { type Answered, type Asked, ask } from './ask.ts';
import type { PastSizes } from './choose-changes.ts';
import { fillStore } from './fill-store.ts';
import { questions, rewinding } from './questions.ts';
import { showLists } from './show-list.ts';

export interface PastRun {
  readonly directory: string;
  readonly network: Network;
  readonly ours: Ours;
  readonly sizes: PastSizes;
  readonly rounds: number;
  /** As typed. */
  readonly command: string;
  readonly say: (line: string) => void;
}

/** A folder with very many files and a very long history, as a browser finds it; answers a section for the results. */
export async function past(run: PastRun): Promise<string> {
  const { directory, network, ours, sizes, rounds, say } = run;
  const home = join(directory, 'past');
  // A machine that has much else to do shows it in each figure.
  const [load = 0] = loadavg();
  mkdirSync(home);
  say(`${count(sizes.files)} files and ${count(sizes.records)} changes are written …`);
  await fillStore(join(home, 'server'), sizes);
  const server = await openServer({ home, a: home, b: home, network, ours });
  const found: Answered[] = [];
  const tell = async (asked: Asked, times: number): Promise<void> => {
    const answered = await ask(asked, server.url, times);
    found.push(answered);
    say(rowOf(answered));
  };
  try {
    const browser = await showLists(server.url);
    for (const one of browser?.asked ?? []) await tell(one, rounds);
    await browser?.close();
    for (const one of await questions(server.url)) await tell(one, rounds);
    await tell(await rewinding(server.url, Math.min(100_000, sizes.records / 2)), 1);
    const [program] = server.programs;
    return sectionOf(run, found, { load, peak: program?.peak() ?? Number.NaN });
  } finally {
    await stopAll(server.programs);
  }
}

const HEAD = '| | median | worst | first time | another request waited at most | |';

interface Around {
  /** Programs that wanted to run, on average, in the minute before. */
  readonly load: number;
  /** Bytes of the server. */
  readonly peak: number;
}

function sectionOf(
  { sizes, rounds, command }: PastRun,
  found: readonly Answered[],
  { load, peak }: Around,
): string {
  return [
    `## ${count(sizes.files)} files and ${count(sizes.records)} changes, in a browser`,
    `${new Date().toISOString().slice(0, 10)}, ${machine()}. Command: \`${command}\`. ` +
      `${count(rounds)} rounds after the first time, while another one asks for something small all the time. ` +
      `The machine's load before: ${load.toFixed(1)}. The server's memory: ${bytes(peak)} at most.`,
    [HEAD, HEAD.replaceAll(/[^|]+/g, '---'), ...found.map(rowOf)].join('\n'),
    'Must be: the first page in a second; history, what is told first of a rewind, and search in 300 ms. ' +
      'What waits in the last line is the transaction’s end: one COMMIT, which writes all of it to the disk.',
  ].join('\n\n');
}

const rowOf = ({ what, median, worst, first, waited, came }: Answered): string =>
  `| ${[what, ...[median, worst, first, waited].map(time), came].join(' | ')} |`;
