import { expect, it } from 'vitest';
import { LOSSES } from './found-losses.ts';
import { UNREST } from './found-unrest.ts';
import { runTwice } from './run-seed.ts';

it.each(Object.entries({ ...LOSSES, ...UNREST }))('%s', async (_, plan) => {
  const { faults } = await runTwice(plan);
  expect(faults).toEqual([]);
});
