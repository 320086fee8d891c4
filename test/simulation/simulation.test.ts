import { expect, it } from 'vitest';
import { planOf } from './plan.ts';
import { simulate } from './simulate.ts';

it('a seed does the same each time, and another one something else', async () => {
  const fingerprints = new Set<string>();
  for (let seed = 1; seed <= 40; seed += 1) {
    const [first, second] = [await simulate(planOf(seed)), await simulate(planOf(seed))];
    expect(second.fingerprint, `seed ${seed}`).toBe(first.fingerprint);
    fingerprints.add(first.fingerprint);
  }
  expect(fingerprints.size).toBe(40);
});
