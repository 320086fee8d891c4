import { afterEach, beforeEach, expect, it } from 'vitest';
import { killEverywhere } from './kill-everywhere.ts';
import { World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

it('[D19] [D25] [E01] a server that is killed at any step keeps what it answered, and takes the rest once', async () => {
  const { killed, missed } = await killEverywhere(world, 'server');
  expect(killed).toBeGreaterThan(4 * missed);
  await world.restsAfterASecondStart();
}, 14_400_000);
