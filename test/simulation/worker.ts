import { parentPort, workerData } from 'node:worker_threads';
import { countCells } from './cells.ts';
import { runSeed } from './run-seed.ts';

/** What a worker tells of some seeds that it ran. */
export interface Batch {
  readonly seeds: number;
  readonly steps: number;
  readonly met: readonly (readonly [string, number])[];
  readonly cells: readonly (readonly [string, number])[];
  readonly failed: readonly { readonly seed: number; readonly faults: readonly string[] }[];
}

export interface Share {
  readonly from: number;
  /** The first seed that is not run. */
  readonly until: number;
  /** Every so many seeds is this worker's. */
  readonly stride: number;
}

const BATCH = 25;

if (parentPort !== null) {
  const { from, until, stride } = workerData as Share;
  const cells = countCells();
  for (let seed = from; seed < until; ) {
    const met = new Map<string, number>();
    const failed: { seed: number; faults: readonly string[] }[] = [];
    let [seeds, steps] = [0, 0];
    for (; seeds < BATCH && seed < until; seeds += 1, seed += stride) {
      const outcome = await runSeed(seed);
      steps += outcome.steps;
      for (const [what, count] of outcome.met) met.set(what, (met.get(what) ?? 0) + count);
      if (outcome.faults.length > 0) failed.push({ seed, faults: outcome.faults });
    }
    const batch: Batch = { seeds, steps, met: [...met], cells: [...cells], failed };
    parentPort.postMessage(batch);
  }
}
