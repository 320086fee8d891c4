import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ClientHome, until } from '../end-to-end/processes.ts';
import { told } from './parts.ts';
import { copiesIn } from './two-clients.ts';
import { arrives, PATIENT, World, write } from './world.ts';

// Two changed the same files without knowing of each other; somebody says in the browser what stays.

const NAMES = ['left.txt', 'right.txt', 'both.txt', 'merged.txt'];
let world: World;
let anna: ClientHome;
let ben: ClientHome;
beforeAll(async () => {
  world = await World.open();
  anna = await world.bench.client('anna', world.server);
  ben = await world.bench.client('ben', world.server);
  const clients = [anna.start(), ben.start()];
  for (const name of NAMES) write(anna, name, `title\n${name}\nend\n`);
  for (const name of NAMES) await arrives([ben], name, `title\n${name}\nend\n`);
  for (const client of clients) await client.stop();
  for (const name of NAMES) write(anna, name, `title\nby anna\nend\n`);
  // The later one keeps the name.
  const annas = Date.now();
  await until(() => Date.now() > annas + 1_000);
  for (const name of NAMES) write(ben, name, `title\nby ben\nend\n`);
  await anna.start().says(/in sync/);
  ben.start();
  for (const name of NAMES) await arrives([anna, ben], name, `title\nby ben\nend\n`);
  await until(() => [anna, ben].every((client) => copiesIn(client).length === NAMES.length));
});
afterEach(() => world.leave());
afterAll(() => world?.close());

const isLeft = (stem: string): boolean =>
  [anna, ben].some((client) => copiesIn(client).some((name) => name.startsWith(stem)));

async function open(page: Page, name: string): Promise<Locator> {
  const conflict = page.getByRole('listitem').filter({ hasText: name });
  await conflict.getByRole('button', { name }).click();
  await conflict.getByText('by anna', { exact: true }).first().waitFor();
  return conflict;
}

async function isSettled(page: Page, name: string): Promise<void> {
  await told(page, 'The conflict is settled').first().waitFor();
  await page.getByRole('listitem').filter({ hasText: name }).waitFor({ state: 'detached' });
  await until(() => !isLeft(name.replace('.txt', '')), {
    what: () => `the copy of ${name} is gone`,
  });
}

it('the navigation says how many there are, and each shows both versions side by side', async () => {
  const page = await world.visit('files');
  const link = page.getByRole('link', { name: /Conflicts\s*4 to settle/ });
  await link.click();
  const conflict = await open(page, 'left.txt');
  expect(await conflict.locator('del').allTextContents()).toEqual(['ben']);
  expect(await conflict.locator('ins').allTextContents()).toEqual(['anna']);
});

it('the left is kept: the copy goes', async () => {
  const page = await world.visit('conflicts');
  const conflict = await open(page, 'left.txt');
  await conflict.getByRole('button', { name: 'Keep the left' }).click();
  await isSettled(page, 'left.txt');
  await arrives([anna, ben], 'left.txt', 'title\nby ben\nend\n');
});

it('the right is kept: the copy gets the name', async () => {
  const page = await world.visit('conflicts');
  const conflict = await open(page, 'right.txt');
  await conflict.getByRole('button', { name: 'Keep the right' }).click();
  await isSettled(page, 'right.txt');
  await arrives([anna, ben], 'right.txt', 'title\nby anna\nend\n');
});

it('both are kept: the copy gets a name of its own', async () => {
  const page = await world.visit('conflicts');
  const conflict = await open(page, 'both.txt');
  await conflict.getByRole('button', { name: 'Keep both' }).click();
  await isSettled(page, 'both.txt');
  await arrives([anna, ben], 'both.txt', 'title\nby ben\nend\n');
  await arrives([anna, ben], 'both (anna).txt', 'title\nby anna\nend\n');
});

it('they are merged, place by place and by hand', async () => {
  const page = await world.visit('conflicts');
  const conflict = await open(page, 'merged.txt');
  await conflict.getByRole('button', { name: 'Merge them' }).click();
  const text = conflict.getByRole('textbox');
  await expect.poll(() => text.inputValue(), PATIENT).toBe('title\nby ben\nby anna\nend\n');
  await conflict.getByRole('button', { name: 'Right', exact: true }).click();
  await expect.poll(() => text.inputValue(), PATIENT).toBe('title\nby anna\nend\n');
  await text.fill('title\nby anna and ben\nend\n');
  await conflict.getByRole('button', { name: 'Save and settle' }).click();
  await isSettled(page, 'merged.txt');
  await arrives([anna, ben], 'merged.txt', 'title\nby anna and ben\nend\n');
  await page.getByText('There are no conflicts').waitFor();
  expect(existsSync(join(anna.directory, 'both (anna).txt'))).toBe(true);
});
