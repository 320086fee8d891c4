import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Stats } from '../../src/protocol/stats.ts';
import type { ClientHome, Program } from '../end-to-end/processes.ts';
import { arrives, ask, PATIENT, World, write } from './world.ts';

// Who is there, and how much there is: what the pages say is so.

let world: World;
let anna: ClientHome;
let ben: ClientHome;
let bens: Program;
beforeAll(async () => {
  world = await World.open();
  anna = await world.client('anna');
  ben = await world.bench.client('ben', world.server);
  bens = ben.start();
  write(anna, 'docs/one.txt', 'x'.repeat(1_000));
  write(anna, 'docs/two.txt', 'y'.repeat(1_048));
  write(anna, 'gone.txt', 'z');
  await arrives([ben], 'docs/two.txt', 'y'.repeat(1_048));
  await arrives([ben], 'docs/one.txt', 'x'.repeat(1_000));
  await arrives([ben], 'gone.txt', 'z');
  rmSync(join(ben.directory, 'gone.txt'));
  await arrives([anna], 'gone.txt', undefined);
});
afterEach(() => world.leave());
afterAll(() => world?.close());

const tile = (page: Page, name: string) =>
  page.getByRole('listitem').filter({ has: page.getByRole('heading', { name, exact: true }) });

it('clients: who is there, how far each has come, and one that is removed', async () => {
  const page = await world.visit('clients');
  await tile(page, 'ben').getByText('Connected').waitFor();
  await tile(page, 'ben').getByText('Has everything').waitFor();
  await page.getByText('this browser').waitFor();

  await bens.stop();
  await tile(page, 'ben').getByText('Last heard of').waitFor();
  write(anna, 'while-ben-is-away-1.txt', '1');
  write(anna, 'while-ben-is-away-2.txt', '2');
  await tile(page, 'ben').getByText('2 changes behind, for').waitFor();
  const upTo = async (): Promise<string> => {
    const { cursor } = await ask<Stats>(world.server, '/v1/stats');
    return `Applied up to change ${cursor.toLocaleString('en')}`;
  };
  await tile(page, 'anna')
    .getByText(await upTo(), { exact: true })
    .waitFor();

  bens = ben.start();
  await arrives([ben], 'while-ben-is-away-2.txt', '2');
  await tile(page, 'ben').getByText('Connected').waitFor();
  await tile(page, 'ben').getByText('Has everything').waitFor();
  await tile(page, 'ben')
    .getByText(await upTo(), { exact: true })
    .waitFor();

  bens.signal('SIGSTOP');
  write(anna, 'while-ben-stands-still', '3');
  await tile(page, 'ben')
    .getByText(/changes? behind, for/)
    .waitFor();
  await tile(page, 'ben').getByText('Connected').waitFor();
  bens.signal('SIGCONT');
  await tile(page, 'ben').getByText('Has everything').waitFor();

  await bens.stop();
  await tile(page, 'ben').getByText('Last heard of').waitFor();
  await tile(page, 'ben').getByRole('button', { name: 'Remove ben' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove it' }).click();
  // While a dialog is open, what lies behind it is not to be found.
  await tile(page, 'anna').waitFor();
  await tile(page, 'ben').waitFor({ state: 'detached' });
});

it('storage: files, their size, what is stored and what went on', async () => {
  const page = await world.visit('storage');
  const stats = await ask<Stats>(world.server, '/v1/stats');
  const figure = (name: string) =>
    page
      .locator('.tile')
      .filter({ has: page.getByText(name, { exact: true }) })
      .locator('.figure');
  await expect.poll(() => figure('Files').textContent(), PATIENT).toBe(`${stats.files}`);
  expect(await figure('Changes').textContent()).toBe(`${stats.cursor}`);
  expect(await figure('Their size').textContent()).toBe('2 KiB');
  await page.getByText(`${stats.cursor} changes`, { exact: true }).waitFor();
  await page.locator('.chart canvas').first().waitFor();
});

it('activity: who did what, of all or of one, as it happens', async () => {
  const page = await world.visit('activity');
  const line = (text: string) => page.getByRole('listitem').filter({ hasText: text }).first();
  await line('gone.txt').getByText('delete', { exact: true }).waitFor();
  write(anna, 'docs/three.txt', 'three');
  await line('three.txt').getByText('by anna').waitFor();

  await page.getByLabel('At or below this path').fill('docs');
  await line('gone.txt').waitFor({ state: 'detached' });
  await line('three.txt').waitFor();
  await page.getByLabel('At or below this path').fill('');
  await page.getByRole('combobox').selectOption({ label: 'anna' });
  await page.getByText('by ben').first().waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'three.txt', exact: true }).click();
  await page.getByRole('complementary', { name: 'About three.txt' }).waitFor();
});

it('settings: what the server says, and an appearance that stays', async () => {
  const page = await world.visit('settings', { colorScheme: 'light' });
  const fact = (name: string) =>
    page.locator('.facts > div').filter({ hasText: name }).locator('dd');
  await expect.poll(() => fact('API key').textContent(), PATIENT).toBe('is not needed');
  expect(await page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
  const ink = () => page.evaluate(() => getComputedStyle(document.body).color);
  const light = await ink();
  await page.getByLabel('Dark').check();
  const dark = await ink();
  expect(dark).not.toBe(light);
  await page.reload();
  await page.getByLabel('Dark').waitFor();
  expect(await ink()).toBe(dark);
});
