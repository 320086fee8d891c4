import { setTimeout } from 'node:timers/promises';
import { type Plan, planOf } from './plan.ts';
import { type Outcome, simulate } from './simulate.ts';

/** Milliseconds that a run may take: one that waits for what never comes would end the whole thread without a word. */
const LONGEST = 60_000;

/** A plan, twice: what differs between the two is a fault too. */
export async function runTwice(plan: Plan): Promise<Outcome> {
  const first = await runOnce(plan);
  if (first.fingerprint === '') return first;
  const second = await runOnce(plan);
  if (first.fingerprint === second.fingerprint) return first;
  const faults = [...first.faults, 'the same seed did something else the second time'];
  return { ...first, faults };
}

export const runSeed = (seed: number): Promise<Outcome> => runTwice(planOf(seed));

/** What is thrown is a fault of the run, or of the simulation. */
export async function runOnce(plan: Plan): Promise<Outcome> {
  const end = new AbortController();
  const late = setTimeout(LONGEST, undefined, { signal: end.signal }).then(() => {
    return noneWith('it does not end');
  });
  try {
    return await Promise.race([simulate(plan), late]);
  } catch (error) {
    const thrown = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return noneWith(`it threw ${thrown}`);
  } finally {
    end.abort();
    late.catch(() => undefined);
  }
}

const noneWith = (fault: string): Outcome => {
  return { fingerprint: '', steps: 0, events: 0, met: new Map(), story: [], faults: [fault] };
};
