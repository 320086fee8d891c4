import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ClientHome, until } from '../end-to-end/processes.ts';
import { treeOf } from '../end-to-end/tree.ts';
import { settled } from './two-clients.ts';
import { arrives, World, write } from './world.ts';

// A client ruins a directory; somebody with a browser makes it what it was, on every client, and can take that back.

let world: World;
let anna: ClientHome;
let ben: ClientHome;
beforeAll(async () => {
  world = await World.open();
  [anna, ben] = await Promise.all([world.client('anna'), world.client('ben')]);
});
afterEach(() => world.leave());
afterAll(() => world?.close());

const PHOTOS = Array.from({ length: 6 }, (_, n) => `photos/2026/holiday-${n}.txt`);
const LETTERS = Array.from({ length: 4 }, (_, n) => `work/letter-${n}.txt`);

/** Both directories are so again. */
async function becomes(tree: Map<string, string>): Promise<void> {
  await until(async () => isEqual(await settled([anna, ben]), tree), { what: () => 'as it was' });
}

const isEqual = (a: Map<string, string>, b: Map<string, string>): boolean =>
  a.size === b.size && [...a].every(([path, look]) => b.get(path) === look);

/** Deletes one tree, and overwrites another. */
async function ruin(): Promise<void> {
  rmSync(join(ben.directory, 'photos'), { recursive: true });
  for (const path of LETTERS) write(ben, path, `scrambled ${path}`);
  write(ben, 'work/READ ME.txt', 'Pay!');
  for (const path of PHOTOS) await arrives([anna], path, undefined);
  for (const path of LETTERS) await arrives([anna], path, `scrambled ${path}`);
  await arrives([anna], 'work/READ ME.txt', 'Pay!');
}

async function begin(): Promise<Map<string, string>> {
  mkdirSync(join(anna.directory, 'photos', 'empty'), { recursive: true });
  for (const path of [...PHOTOS, ...LETTERS]) write(anna, path, `this is ${path}`);
  for (const path of [...PHOTOS, ...LETTERS]) await arrives([ben], path, `this is ${path}`);
  return await settled([anna, ben]);
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

async function confirm(page: Page, sentence: string): Promise<void> {
  await button(page, 'Rewind').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText(sentence).waitFor();
  await dialog.getByRole('button', { name: 'Rewind', exact: true }).click();
  await page.getByRole('heading', { name: 'Rewound' }).waitFor();
}

it('by the slider: a preview, everything is back on both clients, and taken back it is as it was', async () => {
  const good = await begin();
  const lastGood = Date.now();
  // The slider knows no parts of seconds that a person could see.
  await until(() => Date.now() > lastGood + 4_000);
  await ruin();
  const ruined = await settled([anna, ben]);

  const page = await world.visit('rewind');
  await page.getByText('Nothing would change').waitFor();
  await button(page, 'Hour').click();
  await slideBackTo(page, lastGood + 2_000);
  const preview = page.getByRole('region', { name: 'What it would change' });
  await preview.getByText('14 changes would be made').waitFor();
  await preview.getByRole('listitem').filter({ hasText: 'photos/2026/holiday-0.txt' }).waitFor();
  const step = preview.getByRole('listitem').filter({ hasText: 'READ ME.txt' });
  await step.getByText('goes', { exact: true }).waitFor();

  await confirm(page, '9 entries come back');
  await becomes(good);
  await page.getByRole('button', { name: 'Undo this' }).click();
  await page.getByText('The rewind is taken back').waitFor();
  await becomes(ruined);
  expect(treeOf(anna.directory).has('photos')).toBe(false);
});

it('by a line of the activity', async () => {
  for (const path of [...PHOTOS, ...LETTERS]) write(anna, path, `once more ${path}`);
  for (const path of [...PHOTOS, ...LETTERS]) await arrives([ben], path, `once more ${path}`);
  write(anna, 'last-good.txt', 'The last that was well');
  await arrives([ben], 'last-good.txt', 'The last that was well');
  const good = await settled([anna, ben]);
  await ruin();
  await settled([anna, ben]);

  const page = await world.visit('activity');
  await page.getByRole('link', { name: /after the change of last-good.txt/ }).click();
  await page.getByText(/^As it was after change/).waitFor();
  const preview = page.getByRole('region', { name: 'What it would change' });
  await preview.getByRole('listitem').filter({ hasText: 'photos/2026' }).first().waitFor();
  await confirm(page, '8 entries come back');
  await becomes(good);
  await page.getByRole('link', { name: 'Look at it' }).click();
  await page.getByTitle('photos', { exact: true }).waitFor();
});

it('of one directory: what lies beside it stays as it is', async () => {
  write(anna, 'a/file.txt', 'first');
  write(anna, 'b/file.txt', 'first');
  await arrives([ben], 'a/file.txt', 'first');
  await arrives([ben], 'b/file.txt', 'first');
  const { cursor } = await cursorNow();
  write(anna, 'a/file.txt', 'second');
  write(anna, 'b/file.txt', 'second');
  await arrives([ben], 'a/file.txt', 'second');
  await arrives([ben], 'b/file.txt', 'second');

  const page = await world.visit(`rewind?to=${cursor}`);
  await page.getByRole('button', { name: 'Choose another' }).click();
  const dialog = page.getByRole('dialog', { name: 'What is to be rewound?' });
  await dialog.getByRole('button', { name: 'a', exact: true }).click();
  await dialog.getByRole('button', { name: 'Take “a”' }).click();
  await page.goto(`${world.server.url}/#/rewind/a?to=${cursor}`);
  await page.getByText('1 change would be made').waitFor();
  await confirm(page, '1 entry holds again what it held');
  await arrives([anna, ben], 'a/file.txt', 'first');
  await arrives([anna, ben], 'b/file.txt', 'second');
});

const cursorNow = async (): Promise<{ cursor: number }> =>
  (await (await fetch(`${world.server.url}/v1/stats`)).json()) as { cursor: number };

/** With the keys: a step of the slider in an hour is less than half a second. */
async function slideBackTo(page: Page, time: number): Promise<void> {
  const field = page.getByLabel('As it was on');
  const chosen = async (): Promise<number> => Date.parse(`${await field.inputValue()}Z`);
  await page.getByRole('slider', { name: 'Time to go back to' }).focus();
  for (let n = 0; n < 2_000 && (await chosen()) + 1_000 > time; n += 1) {
    await page.keyboard.press('ArrowLeft');
  }
  expect(await chosen()).toBeGreaterThan(time - 3_000);
}
