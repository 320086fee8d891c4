import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Stats } from '../../src/protocol/stats.ts';
import { until } from '../end-to-end/processes.ts';
import { panelOf, rowOf } from './parts.ts';
import { ask, PATIENT, World } from './world.ts';

// A directory with very much in it.

const COUNT = 10_000;
const nameOf = (n: number): string => `file-${`${n}`.padStart(5, '0')}.txt`;
let world: World;
beforeAll(async () => {
  world = await World.open();
  const anna = await world.bench.client('anna', world.server);
  const many = join(anna.directory, 'many');
  mkdirSync(many);
  for (let n = 0; n < COUNT; n += 1) writeFileSync(join(many, nameOf(n)), `this is ${n}`);
  anna.start();
  const count = async () => (await ask<Stats>(world.server, '/v1/stats')).files;
  await until(async () => (await count()) === COUNT, { seconds: 240, every: 100 });
});
afterEach(() => world.leave());
afterAll(() => world?.close());

it('shows the first rows and the last, is searched, and never has more rows than one sees', async () => {
  const page = await world.visit('files/many');
  await rowOf(page, nameOf(0)).waitFor();
  await page.getByText('10,000 files').first().waitFor();
  const rows = page.locator('.rows .list-row');
  expect(await rows.count()).toBeLessThan(80);

  const scroller = page.locator('.scroller');
  await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
  await rowOf(page, nameOf(COUNT - 1)).waitFor();
  expect(await rows.count()).toBeLessThan(80);
  await rowOf(page, nameOf(COUNT - 1)).click();
  await panelOf(page, nameOf(COUNT - 1))
    .getByText('this is 9999')
    .waitFor();

  await page.getByRole('grid').focus();
  await page.keyboard.press('Home');
  await rowOf(page, nameOf(0)).waitFor();
  await page.keyboard.press('PageDown');
  await page.keyboard.press('End');
  await rowOf(page, nameOf(COUNT - 1)).waitFor();

  await page.getByRole('searchbox').fill('file-04711');
  await rowOf(page, 'file-04711.txt').waitFor();
  await expect.poll(() => rows.count(), PATIENT).toBe(1);
});

it('tells what a rewind of very much would change as it counts it, and in the end all of it', async () => {
  const page = await world.visit();
  const asked: unknown[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/v1/rewind')) asked.push(request.postDataJSON());
  });
  await page.goto(`${world.server.url}/#/rewind?to=1`);
  const preview = page.getByRole('region', { name: 'What it would change' });
  await preview.getByText(/^10,00[01] changes would be made$/).waitFor();
  await preview.getByText(/^… and 9,80[01] more$/).waitFor();
  expect(asked.length).toBeGreaterThan(1);
  expect(asked.filter((body) => JSON.stringify(body).includes('"after":0'))).toHaveLength(1);

  // Nobody can tell yet how much it is, and it says so.
  await page.route('**/v1/rewind', async (route) => {
    if (route.request().postDataJSON().after === 0) await route.continue();
  });
  await page.reload();
  await preview.getByText(/^At least [\d,]+ changes would be made$/).waitFor();
  await preview.getByText('Counting on …').waitFor();
  await preview.getByRole('button', { name: 'Rewind', exact: true }).click();
  await page
    .getByRole('dialog')
    .getByText(/^At least .* for every client/)
    .waitFor();
});
