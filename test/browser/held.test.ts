import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ClientHome, type Program, until } from '../end-to-end/processes.ts';
import { barriersIn, layoutFaults } from './check-page.ts';
import { told } from './parts.ts';
import { World, write } from './world.ts';

// So much is deleted at once that a client holds it: somebody says in the browser what becomes of it.

const FILES = 30;
let world: World;
let anna: ClientHome;
let ben: ClientHome;
let cleo: ClientHome;
let running: Program;
beforeAll(async () => {
  world = await World.open();
  anna = await world.bench.client('anna', world.server);
  ben = await world.bench.client('ben', world.server);
  cleo = await world.bench.client('cleo', world.server);
  running = anna.start();
  ben.start();
  cleo.start();
});
beforeEach(async () => {
  for (let n = 0; n < FILES; n += 1) write(anna, `letters/letter ${n}.txt`, `number ${n}`);
  await allHave(FILES);
});
afterEach(() => world.leave());
afterAll(() => world?.close());

function lettersOf({ directory }: ClientHome): string[] {
  try {
    return readdirSync(join(directory, 'letters'));
  } catch {
    return [];
  }
}

async function has(client: ClientHome, count: number): Promise<void> {
  await until(() => lettersOf(client).length === count, {
    what: () => `${client.name} has ${count} letters, it has ${lettersOf(client).length}`,
  });
}

async function allHave(count: number): Promise<void> {
  for (const client of [anna, ben, cleo]) await has(client, count);
}

const deleteAll = ({ directory }: ClientHome): void =>
  rmSync(join(directory, 'letters'), { recursive: true });

const DELETED_BY_ANNA = '30 files were deleted on anna';
const DELETED_ON_SERVER = '30 files were deleted on the server';

const cardOf = (page: Page, what: string): Locator =>
  page
    .getByRole('region', { name: 'Held until you decide' })
    .getByRole('listitem')
    .filter({ has: page.getByRole('heading', { name: what }) });

const isGone = (page: Page, what: string): Promise<void> =>
  cardOf(page, what).waitFor({ state: 'detached' });

/** By the button, and once more when asked whether it was meant. */
async function approve(page: Page, what: string): Promise<void> {
  await cardOf(page, what).getByRole('button', { name: 'Let it happen' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Let it happen' }).click();
}

describe('[B15] [S16] what a client deleted', () => {
  it('is shown on every page as it happens, and undone in the browser: the files are back', async () => {
    const page = await world.visit('files');
    deleteAll(anna);
    await page.getByText(DELETED_BY_ANNA).waitFor();
    await page.getByRole('link', { name: 'Look and decide' }).click();
    const card = cardOf(page, DELETED_BY_ANNA);
    await card
      .getByText(/^letters\/letter \d+\.txt$/)
      .nth(9)
      .waitFor();
    await card.getByText('and 20 more').waitFor();
    await has(ben, FILES);
    await card.getByRole('button', { name: 'Undo it' }).click();
    await isGone(page, DELETED_BY_ANNA);
    await told(page, 'It is undone').waitFor();
    await allHave(FILES);
  });

  it('is approved in the browser, and happens: on all others by one word, as they hold the same', async () => {
    const page = await world.visit('clients');
    deleteAll(anna);
    await approve(page, DELETED_BY_ANNA);
    await isGone(page, DELETED_BY_ANNA);
    const card = cardOf(page, DELETED_ON_SERVER);
    await card.getByText('ben and cleo have them still').waitFor();
    for (const client of [ben, cleo]) await has(client, FILES);
    await approve(page, DELETED_ON_SERVER);
    await allHave(0);
    await isGone(page, DELETED_ON_SERVER);
  });

  it('is undone though the client is away: when it connects', async () => {
    const page = await world.visit('clients');
    deleteAll(anna);
    const card = cardOf(page, DELETED_BY_ANNA);
    await card.waitFor();
    await running.stop();
    await card.getByRole('button', { name: 'Undo it' }).click();
    await card.getByText('anna is not connected: it is done when that changes').waitFor();
    expect(lettersOf(anna)).toEqual([]);
    running = anna.start();
    await isGone(page, DELETED_BY_ANNA);
    await allHave(FILES);
  });

  it('is asked so that it keeps nobody out, on a phone too', async () => {
    deleteAll(anna);
    for (const colorScheme of ['light', 'dark'] as const) {
      const viewport = { width: 360, height: 740 };
      const page = await world.visit('files', { colorScheme, viewport, reducedMotion: 'reduce' });
      await page.getByText(DELETED_BY_ANNA).waitFor();
      expect([await barriersIn(page), await layoutFaults(page)]).toEqual([[], []]);
      await page.getByRole('link', { name: 'Look and decide' }).click();
      const card = cardOf(page, DELETED_BY_ANNA);
      await card.waitFor();
      expect([await barriersIn(page), await layoutFaults(page)]).toEqual([[], []]);
      await card.getByRole('button', { name: 'Let it happen' }).click();
      await page.getByRole('dialog').waitFor();
      expect([await barriersIn(page), await layoutFaults(page)]).toEqual([[], []]);
    }
    const page = await world.visit('clients');
    await cardOf(page, DELETED_BY_ANNA).getByRole('button', { name: 'Undo it' }).click();
    await allHave(FILES);
  });
});
