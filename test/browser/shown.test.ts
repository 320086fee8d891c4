import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../house/source.ts';
import { barriersIn, layoutFaults } from './check-page.ts';
import { type Scene, scenesOf } from './scenes.ts';
import { fillFolder, type ShownFolder } from './shown-folder.ts';
import { World } from './world.ts';

// Every page can be used by everybody, and on a phone; and it looks as the documents show it.

let world: World;
let folder: ShownFolder;
beforeAll(async () => {
  world = await World.open();
  folder = await fillFolder(world);
});
afterEach(() => world.leave());
afterAll(() => world?.close());

const NAMES = scenesOf({ good: 1 }).map(({ name }) => name);

async function see(name: string, options: BrowserContextOptions = {}): Promise<Page> {
  const scene = scenesOf(folder).find((each) => each.name === name) as Scene;
  const page = await world.visit(scene.place, { reducedMotion: 'reduce', ...options });
  await scene.show(page);
  return page;
}

describe.each(NAMES)('%s', (name) => {
  it.each(['light', 'dark'] as const)('keeps nobody out, in the %s', async (colorScheme) => {
    expect(await barriersIn(await see(name, { colorScheme }))).toEqual([]);
  });

  it('fits a phone: nothing scrolls sideways, every action can be reached', async () => {
    const page = await see(name, { viewport: { width: 360, height: 740 }, hasTouch: true });
    expect(await layoutFaults(page)).toEqual([]);
    expect(await barriersIn(page)).toEqual([]);
  });
});

/** In a document nobody waits for a picture. */
const MOST_BYTES = 200_000;
const PHONE = { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true };
const PICTURES: readonly (readonly [file: string, scene: string, BrowserContextOptions])[] = [
  ['files', 'preview', {}],
  ['versions', 'compare', {}],
  ['rewind', 'rewind', {}],
  ['conflicts', 'conflicts', { colorScheme: 'dark' }],
  ['phone', 'files', PHONE],
];

/** With SYNCER_SCREENSHOTS=1 the pictures in docs/images are made anew; without, nothing is written. */
it.each(PICTURES)('the picture %s.png can be made, and is small', async (file, name, options) => {
  const page = await see(name, { colorScheme: 'light', ...options });
  await page.getByText('Live', { exact: true }).waitFor({ state: 'attached' });
  const picture = await page.screenshot({ animations: 'disabled' });
  expect(picture.length).toBeLessThan(MOST_BYTES);
  if (process.env.SYNCER_SCREENSHOTS !== '1') return;
  const directory = join(ROOT, 'docs', 'images');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, `${file}.png`), picture);
});
