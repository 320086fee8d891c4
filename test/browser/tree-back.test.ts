import { chmodSync, mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { toLocalInput } from '../../src/web/time-scale.ts';
import { type ClientHome, type Program, until } from '../end-to-end/processes.ts';
import { differences, differencesTo, treeOf } from '../end-to-end/tree.ts';
import { World, write } from './world.ts';

// A whole tree was deleted, or overwritten: a person with nothing but a browser has it back within a minute, on every client,
// also on one that was away; and takes that back.

/** Seconds, from the opening of the page to the last file on the last disk. */
const MINUTE = 60;
const FILES = 100;

let world: World;
let [anna, ben, cleo]: ClientHome[] = [];
let away: Program;
beforeAll(async () => {
  world = await World.open();
  [anna, ben] = await Promise.all([world.client('anna'), world.client('ben')]);
  cleo = await world.bench.client('cleo', world.server);
  away = cleo.start();
  await away.says(/in sync/);
  // What is not touched: a client asks a person when most of all that there is would go.
  for (let n = 0; n < 3 * FILES; n += 1) write(home(anna), `other/${n % 20}/${n}.txt`, `${n}`);
  fill('photos');
  fill('work');
  await areEqual(300);
});
afterEach(() => world.leave());
afterAll(() => world?.close());

/** Every kind of thing that a tree has. */
function fill(name: string): void {
  const top = join(home(anna).directory, name);
  for (let n = 0; n < FILES; n += 1) {
    const bytes = Buffer.from(`${name} ${n} \0\r\n ${'x'.repeat(n * 17)}`);
    write(home(anna), `${name}/${n % 7}/deep/${n}.bin`, bytes);
  }
  mkdirSync(join(top, 'empty', 'as well'), { recursive: true });
  write(home(anna), `${name}/run.sh`, '#!/bin/sh\n');
  chmodSync(join(top, 'run.sh'), 0o755);
  symlinkSync(join('0', 'deep', '0.bin'), join(top, 'first'));
}

function home(client: ClientHome | undefined): ClientHome {
  if (client === undefined) throw new Error('There is no such client.');
  return client;
}

const all = (): ClientHome[] => [home(anna), home(ben), home(cleo)];

/** Each has what the first one has. Answers what that is. */
async function areEqual(seconds: number, clients = all()): Promise<Map<string, string>> {
  const [first, ...rest] = clients;
  const faults = () => rest.flatMap((one) => differences(home(first).directory, one.directory));
  await until(() => faults().length === 0, { seconds, what: () => faults().join('\n') });
  return treeOf(home(first).directory);
}

/** All disks are so again. */
async function become(tree: Map<string, string>, seconds: number): Promise<void> {
  const faults = () =>
    all().flatMap(({ name, directory }) =>
      differencesTo(tree, directory).map((fault) => `${name}: ${fault}`),
    );
  await until(() => faults().length === 0, { seconds, what: () => faults().join('\n') });
}

/** A second that a person can type, with nothing just before or after it. */
async function quietSecond(): Promise<number> {
  const now = Date.now();
  await until(() => Date.now() > now + 4_000);
  return Math.ceil((now + 1_500) / 1_000) * 1_000;
}

async function rewind(page: Page, name: string, time: number): Promise<void> {
  const button = (what: string) => page.getByRole('button', { name: what, exact: true });
  await placeIs(page, 'All files');
  await button('Choose another').click();
  const picker = page.getByRole('dialog', { name: 'What is to be rewound?' });
  await picker.getByRole('button', { name, exact: true }).click();
  await picker.getByRole('button', { name: `Take “${name}”` }).click();
  await placeIs(page, name);
  await page.getByLabel('As it was on').fill(toLocalInput(time));
  await confirm(page);
}

/** Each place is a page of its own, with a time of its own. */
const placeIs = (page: Page, name: string): Promise<void> =>
  page.locator('.rewind-place strong', { hasText: name }).waitFor();

async function confirm(page: Page): Promise<void> {
  const preview = page.getByRole('region', { name: 'What it would change' });
  await preview.getByText(/changes would be made$/).waitFor();
  await preview.getByRole('button', { name: 'Rewind', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Rewind', exact: true }).click();
  await page.getByRole('heading', { name: 'Rewound' }).waitFor();
}

/** Ruined while Cleo is away, who comes back after it is well again; and then it is ruined on all disks. */
async function ruinedAndBack(ruin: () => void, back: (page: Page, time: number) => Promise<void>) {
  const good = await areEqual(MINUTE);
  const lastGood = await quietSecond();
  await away.stop();
  ruin();
  const isRuined = () => differences(home(ben).directory, home(cleo).directory).length > 0;
  await until(isRuined, { seconds: MINUTE, what: () => 'ruined elsewhere, too' });
  const ruined = await areEqual(MINUTE, [home(anna), home(ben)]);
  expect(ruined).not.toEqual(good);

  const begin = performance.now();
  const left = (): number => MINUTE - (performance.now() - begin) / 1_000;
  const page = await world.visit('rewind');
  await back(page, lastGood);
  away = home(cleo).start();
  await become(good, left());

  await page.getByRole('button', { name: 'Undo this' }).click();
  await page.getByText('The rewind is taken back').waitFor();
  await become(ruined, MINUTE);
  return { page, good, lastGood };
}

it('a tree that was deleted: the whole folder is what it was', async () => {
  const { page, good, lastGood } = await ruinedAndBack(
    () => rmSync(join(home(anna).directory, 'photos'), { recursive: true }),
    async (page, time) => {
      await page.getByLabel('As it was on').fill(toLocalInput(time));
      await confirm(page);
    },
  );
  expect(treeOf(home(cleo).directory).has('photos')).toBe(false);
  await page.getByLabel('As it was on').fill(toLocalInput(lastGood));
  await confirm(page);
  await become(good, MINUTE);
});

it('a tree that a program overwrote, and gave other names: the directory is what it was', async () => {
  const { page, good, lastGood } = await ruinedAndBack(
    () => {
      for (const [path, what] of treeOf(join(home(anna).directory, 'work'))) {
        if (what === 'directory' || what.startsWith('->')) continue;
        write(home(anna), `work/${path}.locked`, `pay for ${path}`);
        unlinkSync(join(home(anna).directory, 'work', path));
      }
      write(home(anna), 'work/READ ME.txt', 'Pay!');
    },
    (page, time) => rewind(page, 'work', time),
  );
  await page.goto(`${world.server.url}/#/rewind`);
  await rewind(page, 'work', lastGood);
  await become(good, MINUTE);
});

it('a tree that another was put in place of: the directory is what it was', async () => {
  await ruinedAndBack(
    () => {
      const { directory } = home(anna);
      rmSync(join(directory, 'work'), { recursive: true });
      for (let n = 0; n < FILES; n += 1)
        write(home(anna), `old copy/${n % 7}/deep/${n}.bin`, 'old');
      renameSync(join(directory, 'old copy'), join(directory, 'work'));
    },
    (page, time) => rewind(page, 'work', time),
  );
});
