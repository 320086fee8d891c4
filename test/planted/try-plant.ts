import {
  chmodSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { ROOT } from '../house/source.ts';
import { type Plant, plantedText } from './plant.ts';
import type { Failed } from './reporter.ts';
import { runSuites, type Suites } from './run-suites.ts';
import { BASE, broadStages, ownTests } from './suites.ts';

/** What caught a plant. */
export interface Caught {
  readonly broad: readonly Failed[];
  /** The tests beside the file. */
  readonly own: readonly Failed[];
}

/** One run is cut off after so long, in milliseconds. */
const LIMIT = 3 * 60_000;
/** So many tests that catch a plant are enough to know. */
const ENOUGH = 3;

/** A copy of the checkout to plant mistakes in. `node_modules` is the one here. */
export function copyCheckout(): string {
  const root = mkdtempSync(join(tmpdir(), 'syncer-planted-'));
  // Tests start programs as somebody else, who has to get at what they are made of.
  chmodSync(root, 0o755);
  cpSync(ROOT, root, { recursive: true, filter: (from) => isCopied(relative(ROOT, from)) });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  return root;
}

const isCopied = (path: string): boolean =>
  !['node_modules', '.git', 'dist', 'coverage'].includes(path.split('/')[0] ?? '');

export const dropCopy = (root: string): void => rmSync(root, { recursive: true, force: true });

/** Tests that fail without any plant catch nothing. */
export type Known = (failed: Failed) => boolean;

/** What fails without a plant, of what is run most often. */
export const tryNothing = async (root: string): Promise<Failed[]> => {
  const known: Failed[] = [];
  for (const stage of BASE)
    known.push(...(await runSuites({ root, stage, limit: LIMIT, bail: 0 })));
  return known;
};

/** Plants one mistake in a copy, runs what may catch it, and takes it out again. */
export async function tryPlant(root: string, plant: Plant, isKnown: Known): Promise<Caught> {
  const at = join(root, plant.file);
  const before = readFileSync(at, 'utf8');
  writeFileSync(at, plantedText(plant, root));
  const run = async (how: Pick<Suites, 'stage' | 'without' | 'bail'>): Promise<Failed[]> =>
    (await runSuites({ root, limit: LIMIT, ...how })).filter((one) => !isKnown(one));
  try {
    const own = ownTests(plant.file);
    const isOwn = ({ file }: Failed): boolean => own.includes(file);
    const [first = [], ...others] = broadStages(plant);
    // Together, because to start a run takes longer than these do.
    const together = await run({ stage: [...own, ...first], bail: 0 });
    let broad = together.filter((one) => !isOwn(one));
    for (const stage of others) {
      if (broad.length > 0) break;
      // Without those beside the file: they would end the run before the others had a turn.
      broad = await run({ stage, without: own, bail: ENOUGH });
    }
    return { broad: broad.slice(0, ENOUGH), own: together.filter(isOwn).slice(0, ENOUGH) };
  } finally {
    writeFileSync(at, before);
  }
}
