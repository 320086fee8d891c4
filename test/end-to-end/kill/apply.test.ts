import { afterEach, beforeEach, expect, it } from 'vitest';
import { killEverywhere } from './kill-everywhere.ts';
import { World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

it('[D01] [D05] a client that is killed at any step of carrying out shows whole files only, and goes on', async () => {
  const { killed, missed } = await killEverywhere(world, 'ben');
  expect(killed).toBeGreaterThan(4 * missed);
  await world.restsAfterASecondStart();
}, 14_400_000);
