import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ROOT } from '../house/source.ts';
import type { Plant } from './plant.ts';
import { SIMULATION } from './run-suites.ts';

/** Test files that are run together, by parts of their paths. */
export type Stage = readonly string[];

/** Worlds of the engine that take a moment. */
const QUICK: Stage = [
  ...['rules', 'sync.', 'namespace', 'refusals', 'local-disk', 'other-systems', 'exchange'],
  ...['selection', 'give-back', 'between-pull', 'live', 'middle', 'pushes'],
].map((name) => `test/engine/${name}`);
/** Worlds that lose power, or in which chance acts, and what is done through HTTP. */
const ROUGH: Stage = [
  ...['danger', 'text', 'instances', 'evidence', 'interruptions', 'random.', 'state-faults'],
  ...['odd-disks', 'identity', 'trash', 'mounts', 'long-away'],
].map((name) => `test/engine/${name}`);
/** What takes minutes (real processes, everything with every fault) is left out: it would be told of less. */
const WORLDS: readonly Stage[] = [QUICK, ROUGH, SIMULATION];
/** What is tried without a plant first. */
export const BASE: readonly Stage[] = [QUICK, ROUGH, SIMULATION];
/** What is durable when, on real file systems. */
const DURABLE: Stage = ['test/durability/'];
const SERVER: readonly Stage[] = [
  ['src/server/routes/engine', 'src/server/routes/sync', 'test/engine/give-back'],
  ['test/engine/real-server', 'test/engine/http-api'],
  ['src/server/live/', 'test/engine/live'],
  ['src/server/routes/'],
  ['src/server/metadata/'],
  ['test/contract/'],
];
/** What frees what nothing needs. */
const SWEPT: readonly Stage[] = [['test/engine/sweeps'], SIMULATION];

/**
 * By room: what does not know of the file, the cheapest first. The next stage is run where none before it
 * caught. The first line that fits counts.
 */
const BROAD: readonly { readonly under: string; readonly stages: readonly Stage[] }[] = [
  {
    under: 'src/core/cut.ts',
    stages: [['test/engine/sync.', 'test/engine/http-api', 'src/server/routes/upload'], ...WORLDS],
  },
  {
    under: 'src/core/',
    stages: [['test/small-worlds/mistakes', ...QUICK], ['test/small-worlds/'], ...WORLDS.slice(1)],
  },
  { under: 'src/client/state/', stages: [['src/client/state/'], QUICK, ROUGH] },
  { under: 'src/client/disk/', stages: [DURABLE, ['src/client/disk/'], QUICK, ROUGH] },
  { under: 'src/client/', stages: [...WORLDS, ['src/client/api/']] },
  { under: 'src/server/objects/', stages: [DURABLE, ['src/server/objects/']] },
  {
    under: 'src/server/metadata/',
    stages: [['src/server/metadata/'], ['test/engine/sweeps'], ...SERVER],
  },
  { under: 'src/server/sweep.ts', stages: SWEPT },
  { under: 'src/server/compact-packs.ts', stages: SWEPT },
  { under: 'src/server/scrub.ts', stages: [['test/engine/real-server'], ['test/end-to-end/rot']] },
  { under: 'src/server/back-up.ts', stages: [['test/end-to-end/backup']] },
  { under: 'src/server/restore.ts', stages: [['test/end-to-end/backup']] },
  { under: 'src/server/', stages: SERVER },
];

export function broadStages({ file, first }: Plant): readonly Stage[] {
  const stages = BROAD.find(({ under }) => file.startsWith(under))?.stages ?? [];
  return [...(first === undefined ? [] : [first]), ...stages];
}

/** The test files beside a file that bear its name or import it; no suite of a contract is among them. */
export function ownTests(file: string): Stage {
  const [directory, name] = [dirname(file), basename(file)];
  return readdirSync(join(ROOT, directory))
    .filter((one) => one.endsWith('.test.ts'))
    .filter((one) => knows(`${directory}/${one}`, name))
    .map((one) => `${directory}/${one}`);
}

/** All that is in the room of the real disk has one test file. */
const OF_A_ROOM = 'src/client/disk/node/node-disk.test.ts';

function knows(test: string, name: string): boolean {
  const text = readFileSync(join(ROOT, test), 'utf8');
  // It hands an implementation to the suite that all of its kind have to pass.
  if (/from '[^']*contract\.ts'/.test(text)) return false;
  const isNamed = basename(test).startsWith(name.replace(/\.ts$/, ''));
  return isNamed || test === OF_A_ROOM || text.includes(`from './${name}'`);
}
