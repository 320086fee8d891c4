import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ClientHome, until } from '../end-to-end/processes.ts';
import { choose, panelOf, rowOf, told } from './parts.ts';
import { arrives, PATIENT, World, write } from './world.ts';

// What a person does with files in the browser is on every client's disk, and the other way round.

let world: World;
let anna: ClientHome;
let ben: ClientHome;
beforeAll(async () => {
  world = await World.open();
  [anna, ben] = await Promise.all([world.client('anna'), world.client('ben')]);
});
afterEach(() => world.leave());
afterAll(() => world?.close());

const file = (name: string, text: string) => ({
  ...{ name, mimeType: 'text/plain' },
  buffer: Buffer.from(text),
});

describe('files', () => {
  it('are uploaded by the button, also large ones, and are on a client’s disk', async () => {
    const page = await world.visit();
    await page.getByText('Nothing is here yet').waitFor();
    await page.getByRole('button', { name: 'Upload' }).click();
    const picking = page.waitForEvent('filechooser');
    await page.getByRole('menuitem', { name: 'Files' }).click();
    const large = 'twelve bytes'.repeat(400_000);
    await (await picking).setFiles([file('letter.txt', 'Dear Ben'), file('large.bin', large)]);
    await page.getByText('Uploads are through').waitFor();
    await rowOf(page, 'letter.txt').waitFor();
    await arrives([anna, ben], 'letter.txt', 'Dear Ben');
    await arrives([anna, ben], 'large.bin', large);
  });

  it('are uploaded by letting them go over the page', async () => {
    mkdirSync(join(anna.directory, 'inbox'));
    const outside = join(world.bench.directory, 'outside');
    mkdirSync(join(outside, 'holiday', 'empty'), { recursive: true });
    writeFileSync(join(outside, 'dropped.txt'), 'let go');
    writeFileSync(join(outside, 'holiday', 'beach.txt'), 'sand');
    const page = await world.visit('files/inbox');
    // Before the directory is known there is nothing to let anything go over.
    await page.getByRole('button', { name: 'Upload' }).waitFor();
    const drag = await dragOver(page, [join(outside, 'dropped.txt'), join(outside, 'holiday')]);
    await page.getByText('Let go to upload to “inbox”').waitFor();
    await drag.letGo();
    await rowOf(page, 'dropped.txt').waitFor();
    await rowOf(page, 'holiday').waitFor();
    await arrives([anna, ben], 'inbox/dropped.txt', 'let go');
    await arrives([anna, ben], 'inbox/holiday/beach.txt', 'sand');
    await until(() => existsSync(join(anna.directory, 'inbox/holiday/empty')));
  });

  it('that a client writes, renames and deletes show by themselves', async () => {
    const page = await world.visit('files');
    await page.getByText('Live', { exact: true }).waitFor();
    write(ben, 'from-ben.txt', 'Hello');
    await rowOf(page, 'from-ben.txt').getByText('ben', { exact: true }).waitFor();
    write(ben, 'from-ben.txt', 'Hello, Anna');
    await rowOf(page, 'from-ben.txt').getByText('11 bytes').waitFor();
    rmSync(join(ben.directory, 'from-ben.txt'));
    await rowOf(page, 'from-ben.txt').waitFor({ state: 'detached' });
  });

  it('are put into a new directory, renamed, moved, deleted, and had back', async () => {
    write(anna, 'plan.md', '# The plan');
    const page = await world.visit();
    await page.getByRole('button', { name: 'New directory' }).click();
    await page.getByLabel('Name', { exact: true }).fill('a/b');
    await page.getByRole('button', { name: 'Make it' }).click();
    await page.getByRole('alert').filter({ hasText: /\S/ }).waitFor();
    await page.getByLabel('Name', { exact: true }).fill('Projects');
    await page.getByRole('button', { name: 'Make it' }).click();
    await rowOf(page, 'Projects').waitFor();

    await choose(page, 'plan.md', 'Rename');
    await page.getByLabel('Name', { exact: true }).fill('the plan.md');
    await page.getByRole('button', { name: 'Rename' }).click();
    await arrives([anna, ben], 'the plan.md', '# The plan');
    await arrives([anna, ben], 'plan.md', undefined);

    await choose(page, 'the plan.md', 'Move to …');
    const move = page.getByRole('dialog', { name: 'Move “the plan.md”' });
    await move.getByRole('button', { name: 'Projects' }).click();
    await move.getByRole('button', { name: 'Move to “Projects”' }).click();
    await arrives([anna, ben], 'Projects/the plan.md', '# The plan');

    await rowOf(page, 'Projects').dblclick();
    await choose(page, 'the plan.md', 'Delete');
    await arrives([anna, ben], 'Projects/the plan.md', undefined);
    await told(page, 'Deleted “the plan.md”').getByRole('button', { name: 'Undo' }).click();
    await arrives([anna, ben], 'Projects/the plan.md', '# The plan');
  });

  it('are downloaded as they are, and directories as one zip', async () => {
    write(anna, 'take/with you.txt', 'These very bytes');
    const page = await world.visit('files/take');
    await rowOf(page, 'with you.txt').waitFor();
    const one = await downloaded(page, () => choose(page, 'with you.txt', 'Download'));
    expect([one.name, `${one.content}`]).toEqual(['with you.txt', 'These very bytes']);
    const all = await downloaded(page, () =>
      page.getByRole('link', { name: 'Download all' }).click(),
    );
    expect([all.name, `${all.content.subarray(0, 2)}`]).toEqual(['take.zip', 'PK']);
    expect(`${all.content}`).toContain('with you.txt');
  });

  it('are found by their names, wherever they are', async () => {
    write(anna, 'deep/er/and/Needle-2026.txt', 'found');
    const page = await world.visit();
    await rowOf(page, 'deep').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('needle');
    await rowOf(page, 'Needle-2026.txt').getByText('deep/er/and').waitFor();
    await rowOf(page, 'deep').waitFor({ state: 'detached' });
    await rowOf(page, 'Needle-2026.txt').click();
    await panelOf(page, 'Needle-2026.txt').getByText('found').waitFor();
  });

  it('can be worked with by the keys alone', async () => {
    write(anna, 'keys/one.txt', 'one');
    write(anna, 'keys/three.txt', 'three');
    write(anna, 'keys/two.txt', 'two');
    const page = await world.visit('files/keys');
    await rowOf(page, 'two.txt').waitFor();
    await tabTo(page, '[role=grid]');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('F2');
    await page.getByLabel('Name', { exact: true }).waitFor();
    await isFocused(page, 'input[name=name]');
    await page.keyboard.type('first');
    await page.keyboard.press('Enter');
    await arrives([anna], 'keys/first.txt', 'one');

    await page.getByRole('dialog', { name: /^Rename/ }).waitFor({ state: 'detached' });
    await tabTo(page, '[role=grid]');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await panelOf(page, 'two.txt').getByText('two', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await panelOf(page, 'two.txt').waitFor({ state: 'detached' });

    await tabTo(page, '[role=grid]');
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByText('2 chosen').waitFor();
    await page.keyboard.press('Delete');
    await arrives([anna, ben], 'keys/first.txt', undefined);
    await arrives([anna, ben], 'keys/three.txt', undefined);
    await arrives([anna, ben], 'keys/two.txt', 'two');
    await page.keyboard.press('Backspace');
    await rowOf(page, 'keys').waitFor();
  });
});

describe('versions', () => {
  it('are held side by side, and an old one is given back to the disk', async () => {
    const first = 'Dear all,\nwe meet on Monday.\nAnna\n';
    const second = 'Dear all,\nwe meet on Tuesday.\nAnna\n';
    for (const text of ['A draft\n', first, second]) {
      write(anna, 'meeting.txt', text);
      await arrives([ben], 'meeting.txt', text);
    }
    const page = await world.visit();
    await rowOf(page, 'meeting.txt').click();
    const panel = panelOf(page, 'meeting.txt');
    await panel.getByText('we meet on Tuesday.').waitFor();
    await panel.getByRole('tab', { name: 'Versions' }).click();
    const versions = panel.getByRole('listitem');
    await expect.poll(() => versions.count(), PATIENT).toBe(3);
    await versions.nth(0).getByRole('checkbox').check();
    await versions.nth(1).getByRole('checkbox').check();
    await panel.getByRole('button', { name: 'Compare' }).click();

    const dialog = page.getByRole('dialog', { name: 'Two versions of “meeting.txt”' });
    await dialog.locator('del').first().waitFor();
    expect(await dialog.locator('del').allTextContents()).toEqual(['Monday']);
    expect(await dialog.locator('ins').allTextContents()).toEqual(['Tuesday']);
    await dialog.getByRole('button', { name: 'Close' }).click();

    await versions.nth(1).getByRole('button', { name: 'Restore' }).click();
    await arrives([anna, ben], 'meeting.txt', first);
    await told(page, 'The version is restored').getByRole('button', { name: 'Undo' }).click();
    await arrives([anna, ben], 'meeting.txt', second);
    await expect.poll(() => versions.count(), PATIENT).toBe(5);
  });

  it('and why a file is as it is stands there in sentences, the oldest first', async () => {
    write(anna, 'why.txt', '12345');
    await arrives([ben], 'why.txt', '12345');
    write(ben, 'why.txt', '123');
    await arrives([anna], 'why.txt', '123');
    renameSync(join(anna.directory, 'why.txt'), join(anna.directory, 'therefore.txt'));
    await arrives([ben], 'therefore.txt', '123');
    const page = await world.visit();
    await rowOf(page, 'therefore.txt').click();
    const panel = panelOf(page, 'therefore.txt');
    await panel.getByRole('tab', { name: 'Why is it so?' }).click();
    const sentences = panel.getByRole('listitem').locator('p:last-child');
    await expect
      .poll(() => sentences.allTextContents(), PATIENT)
      .toEqual([
        'anna created why.txt (5 bytes).',
        'ben edited why.txt (3 bytes instead of 5 bytes).',
        'anna renamed why.txt to therefore.txt.',
      ]);
  });
});

describe('the trash', () => {
  it('has what a client deleted, and gives it back to both disks', async () => {
    write(anna, 'album/may.txt', 'May');
    write(anna, 'album/june.txt', 'June');
    write(anna, 'note.txt', 'A note');
    await arrives([ben], 'album/may.txt', 'May');
    await arrives([ben], 'album/june.txt', 'June');
    await arrives([ben], 'note.txt', 'A note');
    rmSync(join(ben.directory, 'album'), { recursive: true });
    rmSync(join(ben.directory, 'note.txt'));
    await arrives([anna], 'album/june.txt', undefined);
    await arrives([anna], 'note.txt', undefined);

    const page = await world.visit('trash');
    const line = (name: string) => page.getByRole('listitem').filter({ hasText: name });
    await line('album').getByText('by ben').waitFor();
    await line('album').getByRole('checkbox').check();
    await line('note.txt').getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Restore 2 entries' }).click();
    await told(page, 'Restored 2 entries').waitFor();
    await arrives([anna, ben], 'album/may.txt', 'May');
    await arrives([anna, ben], 'album/june.txt', 'June');
    await arrives([anna, ben], 'note.txt', 'A note');
    await line('album').waitFor({ state: 'detached' });
  });
});

const hasFocus = (page: Page, selector: string): Promise<boolean> =>
  page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);

const isFocused = (page: Page, selector: string): Promise<void> =>
  until(() => hasFocus(page, selector), { what: () => `the focus is on ${selector}` });

/** From where one is, forwards. */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let n = 0; n < 60; n += 1) {
    if (await hasFocus(page, selector)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`No key led to ${selector}.`);
}

/** As a person does with files of their machine, whose paths these are. */
async function dragOver(page: Page, files: string[]): Promise<{ letGo: () => Promise<void> }> {
  const session = await page.context().newCDPSession(page);
  const send = async (type: 'dragEnter' | 'dragOver' | 'drop'): Promise<void> => {
    const data = { items: [], files, dragOperationsMask: 1 };
    await session.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data });
  };
  await send('dragEnter');
  await send('dragOver');
  return { letGo: () => send('drop') };
}

async function downloaded(
  page: Page,
  start: () => Promise<void>,
): Promise<{ name: string; content: Buffer }> {
  const coming = page.waitForEvent('download');
  await start();
  const download = await coming;
  return { name: download.suggestedFilename(), content: await readFile(await download.path()) };
}
