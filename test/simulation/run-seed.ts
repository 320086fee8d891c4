import { type Plan, planOf } from './plan.ts';
import { type Outcome, simulate } from './simulate.ts';

/** A plan, twice: what differs between the two is a fault too. */
export async function runTwice(plan: Plan): Promise<Outcome> {
  const first = await runOnce(plan);
  const second = await runOnce(plan);
  if (first.fingerprint === second.fingerprint) return first;
  const faults = [...first.faults, 'the same seed did something else the second time'];
  return { ...first, faults };
}

export const runSeed = (seed: number): Promise<Outcome> => runTwice(planOf(seed));

/** What is thrown is a fault of the run, or of the simulation. */
export async function runOnce(plan: Plan): Promise<Outcome> {
  try {
    return await simulate(plan);
  } catch (error) {
    const thrown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const none = { fingerprint: '', steps: 0, events: 0, met: new Map(), story: [] };
    return { ...none, faults: [`it threw ${thrown}`] };
  }
}
