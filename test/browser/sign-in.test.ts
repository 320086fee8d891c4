import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { World } from './world.ts';

// A server that asks for a key.

const KEY = 'a-key-of-thirty-two-characters-x';
let world: World;
beforeAll(async () => {
  world = await World.open([], { SYNCER_API_KEYS: KEY });
});
afterEach(() => world.leave());
afterAll(() => world?.close());

it('a wrong key is refused in plain words, the right one lets in, and signing out shuts the door', async () => {
  const page = await world.visit();
  const key = page.getByLabel('API key');
  await key.fill('not-the-key-at-all');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('The server does not know this key.').waitFor();
  expect(await page.getByRole('navigation', { name: 'Pages' }).count()).toBe(0);

  await key.fill(KEY);
  await key.press('Enter');
  await page.getByRole('heading', { name: 'Files', exact: true }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();

  await page.reload();
  await page.getByRole('heading', { name: 'Files', exact: true }).waitFor();

  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await key.waitFor();
  await page.reload();
  await key.waitFor();
  expect((await page.context().cookies()).filter(({ value }) => value !== '')).toEqual([]);
});

it('what is kept for the tab is gone with it; what is kept for the device is not', async () => {
  const page = await world.visit();
  await page.getByLabel('API key').fill(KEY);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Files', exact: true }).waitFor();

  const another = await page.context().newPage();
  await another.goto(world.server.url);
  await another.getByLabel('API key').fill(KEY);
  await another.getByLabel('Stay signed in on this device').check();
  await another.getByRole('button', { name: 'Sign in' }).click();
  await another.getByRole('heading', { name: 'Files', exact: true }).waitFor();

  const third = await page.context().newPage();
  await third.goto(world.server.url);
  await third.getByRole('heading', { name: 'Files', exact: true }).waitFor();
});
