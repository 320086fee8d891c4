import { expect, it } from 'vitest';
import type { EXTRAS } from './features.ts';
import { type Plan, planOf } from './plan.ts';
import { runTwice } from './run-seed.ts';

type Extra = keyof typeof EXTRAS;

/** What is rare is in few of the seeds that `simulation.test.ts` runs. */
const HELD: Readonly<Record<Extra, string>> = {
  clones: '[D23] machines that are copied, client and all, while people work and all goes wrong',
  masses:
    '[B15] [S16] masses that are held, while people work, until somebody approves or undoes them',
  rotting: '[D12] packs that rot on the server, while people work and all goes wrong',
};

const SEEDS = 8;

/** The first that have it. */
function plansWith(extra: Extra): Plan[] {
  const plans: Plan[] = [];
  for (let seed = 1; plans.length < SEEDS; seed += 1) {
    const plan = planOf(seed);
    if (plan.features.includes(extra)) plans.push(plan);
  }
  return plans;
}

it.each(Object.entries(HELD) as [Extra, string][])(
  '%s: %s lose nothing, and come to rest',
  async (extra) => {
    for (const plan of plansWith(extra)) {
      const { faults } = await runTwice(plan);
      expect(faults, `seed ${plan.seed}`).toEqual([]);
    }
  },
);
