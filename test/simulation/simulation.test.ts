import { expect, it } from 'vitest';
import { planOf } from './plan.ts';
import { runSeeds } from './run-seeds.ts';
import { simulate } from './simulate.ts';

/** A taste of them; `npm test` goes on to many more once all else has passed (test/run.ts). */
const SEEDS = Number(process.env.SYNCER_SEEDS ?? 200);

it('another seed does something else', async () => {
  const fingerprints = new Set<string>();
  for (let seed = 1; seed <= 20; seed += 1) {
    fingerprints.add((await simulate(planOf(seed))).fingerprint);
  }
  expect(fingerprints.size).toBe(20);
});

it(`${SEEDS} seeds lose nothing, end equal, and do the same the second time`, async () => {
  const { seeds, failed, cells } = await runSeeds({ from: 1, count: SEEDS, workers: 2 });
  const told = failed.map(
    ({ seed, faults }) => `npm run simulate -- --from ${seed} --seeds 1\n${faults.join('\n')}`,
  );
  expect(told).toEqual([]);
  expect(seeds).toBe(SEEDS);
  // Nobody asks whether a node exists on which all agree: it is not among what changed.
  const asked = [...cells].filter(([cell]) => cell !== 'existence unchanged/unchanged');
  if (SEEDS >= 1_000) expect(asked.filter(([, count]) => count === 0)).toEqual([]);
}, 1_800_000);
