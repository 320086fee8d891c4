import { join } from 'node:path';
import type { Sizes } from './arena.ts';
import { type Comparison, compareIn } from './compare.ts';
import { syncer } from './contenders/syncer.ts';
import { edits, firstSync, memoryAtRest, restart } from './lines/files.ts';
import type { Line } from './lines/line.ts';
import { makeFiles } from './make-files.ts';
import type { Measurement } from './measurement.ts';
import { median } from './report/statistics.ts';
import { bytes, count, time } from './report/units.ts';
import type { Scene } from './scenes.ts';

/** Bytes: what matters here is how many there are. */
const MEDIAN = 64;
/** Seconds for one step, at most. */
const LIMIT = 3600;

const OURS = ['Syncer'] as const;

const LINES: readonly Line[] = [
  { key: 'first', contenders: OURS, after: [], run: (arena) => firstSync(arena) },
  { key: 'memory', contenders: OURS, after: [], run: withDatabases },
  { key: 'edit', contenders: OURS, after: [], run: (arena) => edits(arena) },
  { key: 'restart', contenders: OURS, after: [], run: restart },
];

const SCENE: Scene = {
  name: 'scaling',
  lines: LINES,
  mostRounds: 1,
  fill: (top, { files }) => void makeFiles(join(top, 'half-1'), { files, seed: 5, median: MEDIAN }),
  open: (contender, place) => contender.open(place),
};

async function withDatabases(arena: Parameters<typeof memoryAtRest>[0]): Promise<Measurement> {
  const measurement = await memoryAtRest(arena);
  const { server = 0, client = 0 } = arena.session.databases?.() ?? {};
  return {
    ...measurement,
    more: { ...measurement.more, serverDatabase: server, clientDatabase: client },
  };
}

type Common = Omit<Comparison, 'contenders' | 'lines' | 'rounds' | 'tell'>;

/** We alone, with more and more small files; answers a table. Ends at the first number that fails. */
export async function scaling(common: Common, steps: readonly number[]): Promise<string> {
  const rows: string[] = [];
  for (const files of steps) {
    common.say(`${count(files)} files`);
    const sizes: Sizes = { ...common.sizes, files, edits: 50, limit: LIMIT };
    const found = new Map<string, Measurement>();
    await compareIn(SCENE, {
      ...common,
      sizes,
      contenders: [syncer],
      lines: LINES.map(({ key }) => key),
      rounds: 1,
      tell: (each) => void found.set(each.failure === undefined ? each.line : 'failure', each),
    });
    rows.push(rowOf(files, found));
    common.say(rows.at(-1) ?? '');
    if (found.has('failure')) break;
  }
  return [HEAD, HEAD.replaceAll(/[^|]+/g, '---'), ...rows].join('\n');
}

const HEAD =
  '| files | first sync | memory at most: A, B, server | at rest: A, B, server | an edit visible, p50 | start and find one edit | database: server, client |';

function rowOf(files: number, found: ReadonlyMap<string, Measurement>): string {
  const [first, memory] = [found.get('first'), found.get('memory')];
  const timeOf = (line: string): string => time(median(found.get(line)?.ms ?? []));
  const three = (of: Readonly<Partial<Record<string, number>>> = {}): string =>
    ['A', 'B', 'server'].map((role) => bytes(of[role] ?? Number.NaN)).join(', ');
  const databases = ['serverDatabase', 'clientDatabase'].map((key) =>
    bytes(memory?.more[key] ?? Number.NaN),
  );
  const failure = found.get('failure')?.failure?.split('\n')[0];
  return `| ${[
    count(files),
    failure === undefined ? timeOf('first') : `${timeOf('first')}, failed: ${failure}`,
    three(first?.peak),
    three(memory?.more),
    timeOf('edit'),
    timeOf('restart'),
    databases.join(', '),
  ].join(' | ')} |`;
}
