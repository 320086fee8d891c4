import { afterEach, beforeEach, expect, it } from 'vitest';
import { killEverywhere } from './kill-everywhere.ts';
import { World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

it('[D01] [D04] [E01] a client that is killed at any step of sending goes on where it was', async () => {
  const { killed, missed } = await killEverywhere(world, 'anna');
  expect(killed).toBeGreaterThan(4 * missed);
  await world.restsAfterASecondStart();
}, 14_400_000);
