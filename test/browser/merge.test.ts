import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ClientHome, until } from '../end-to-end/processes.ts';
import { barriersIn, layoutFaults } from './check-page.ts';
import { told } from './parts.ts';
import { copiesIn } from './two-clients.ts';
import { arrives, ask, PATIENT, World, write } from './world.ts';

// Two edited one text, and their clients merge nothing by themselves: somebody does it in the browser.

const text = (...lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');
const BASE = text('title', 'one', 'two', 'three', 'four', 'end');
const FILES = {
  'apart.txt': {
    anna: text('title', 'one', 'two', 'three', 'anna', 'end'),
    ben: text('title', 'ben', 'two', 'three', 'four', 'end'),
  },
  'touching.txt': {
    anna: text('title', 'one', 'anna', 'three', 'four', 'end', 'and more'),
    ben: text('title', 'one', 'ben', 'three', 'four', 'end'),
  },
  'late.txt': {
    anna: text('title', 'one', 'two', 'three', 'anna', 'end'),
    ben: text('title', 'ben', 'two', 'three', 'four', 'end'),
  },
} as const;
type Name = keyof typeof FILES;
const NAMES = Object.keys(FILES) as Name[];

let world: World;
let anna: ClientHome;
let ben: ClientHome;
beforeAll(async () => {
  world = await World.open();
  const more = 'text_merge: false\n';
  anna = await world.bench.client('anna', world.server, more);
  ben = await world.bench.client('ben', world.server, more);
  const clients = [anna.start(), ben.start()];
  for (const name of NAMES) write(anna, name, 'draft\n');
  for (const name of NAMES) await arrives([ben], name, 'draft\n');
  for (const name of NAMES) write(anna, name, BASE);
  for (const name of NAMES) await arrives([ben], name, BASE);
  for (const client of clients) await client.stop();
  for (const name of NAMES) write(anna, name, FILES[name].anna);
  // The later one keeps the name.
  const annas = Date.now();
  await until(() => Date.now() > annas + 1_000);
  for (const name of NAMES) write(ben, name, FILES[name].ben);
  await anna.start().says(/in sync/);
  ben.start();
  for (const name of NAMES) await arrives([anna, ben], name, FILES[name].ben);
  await until(() => [anna, ben].every((client) => copiesIn(client).length === NAMES.length));
});
afterEach(() => world.leave());
afterAll(() => world?.close());

async function merge(page: Page, name: Name): Promise<Locator> {
  const conflict = page.getByRole('listitem').filter({ hasText: name });
  await conflict.getByRole('button', { name }).click();
  await conflict.getByRole('button', { name: 'Merge them' }).click();
  await conflict.getByRole('textbox').waitFor();
  return conflict;
}

const save = (conflict: Locator): Promise<void> =>
  conflict.getByRole('button', { name: 'Save and settle' }).click();

it('[M9] what was edited in different lines goes together, and both are in the history', async () => {
  const page = await world.visit('conflicts');
  const conflict = await merge(page, 'apart.txt');
  await conflict.getByText('2 changes went together by themselves; nothing is left').waitFor();
  const both = text('title', 'ben', 'two', 'three', 'anna', 'end');
  expect(await conflict.getByRole('textbox').inputValue()).toBe(both);
  await save(conflict);
  await told(page, 'The conflict is settled').waitFor();
  await arrives([anna, ben], 'apart.txt', both);
  await until(() => !copiesIn(anna).some((name) => name.startsWith('apart')));
  const { history } = await ask<{ history: { path: string; merged_from?: object[] }[] }>(
    world.server,
    '/v1/history?path=apart.txt&limit=1',
  );
  expect(history).toMatchObject([{ path: 'apart.txt', cause: 'settle' }]);
  expect(history[0]?.merged_from).toHaveLength(1);
});

it('[M9] only what both changed is asked; without a version that both came from, all that differs', async () => {
  const page = await world.visit('conflicts');
  const conflict = await merge(page, 'touching.txt');
  await conflict.getByText('1 change went together by itself; 1 place to decide.').waitFor();
  expect([await barriersIn(page), await layoutFaults(page)]).toEqual([[], []]);
  const box = conflict.getByRole('textbox');
  await conflict.getByRole('button', { name: 'Left', exact: true }).click();
  const chosen = text('title', 'one', 'ben', 'three', 'four', 'end', 'and more');
  await expect.poll(() => box.inputValue(), PATIENT).toBe(chosen);
  const base = conflict.getByLabel('Both were made from');
  await base.selectOption({ label: 'I don’t know: ask me everywhere' });
  await conflict.getByText('2 places to decide.').waitFor();
  await base.selectOption({ index: 0 });
  await box.fill(text('title', 'one', 'anna and ben', 'three', 'four', 'end', 'and more'));
  await save(conflict);
  await told(page, 'The conflict is settled').waitFor();
  const made = text('title', 'one', 'anna and ben', 'three', 'four', 'end', 'and more');
  await arrives([anna, ben], 'touching.txt', made);
});

it('what is saved meanwhile is not written over', async () => {
  const page = await world.visit('conflicts');
  const conflict = await merge(page, 'late.txt');
  write(ben, 'late.txt', 'saved meanwhile\n');
  await arrives([anna], 'late.txt', 'saved meanwhile\n');
  await save(conflict);
  await page.getByText('One of the versions is another by now').first().waitFor();
  await arrives([anna, ben], 'late.txt', 'saved meanwhile\n');
  expect(copiesIn(anna).some((name) => name.startsWith('late'))).toBe(true);
});
