import type { Page } from 'playwright-core';
import { choose, panelOf, rowOf } from './parts.ts';
import type { ShownFolder } from './shown-folder.ts';

/** A page in one of its states. */
export interface Scene {
  readonly name: string;
  readonly place: string;
  /** Goes on until it is there to be seen. */
  readonly show: (page: Page) => Promise<unknown>;
}

const LETTER = 'invitation.txt';
const AT_LETTER = `files/Garden?open=${encodeURIComponent(`Garden/${LETTER}`)}`;

async function showVersions(page: Page): Promise<void> {
  const panel = panelOf(page, LETTER);
  await panel.getByRole('tab', { name: 'Versions' }).click();
  await panel.getByRole('listitem').nth(2).waitFor();
}

async function compareVersions(page: Page): Promise<void> {
  await showVersions(page);
  const versions = panelOf(page, LETTER).getByRole('checkbox');
  await versions.nth(1).check();
  await versions.nth(2).check();
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('dialog').locator('ins').first().waitFor();
}

async function showStory(page: Page): Promise<void> {
  const panel = panelOf(page, LETTER);
  await panel.getByRole('tab', { name: 'Why is it so?' }).click();
  await panel.getByRole('link', { name: 'Look at both' }).waitFor();
}

async function openConflict(page: Page): Promise<void> {
  await page.getByRole('button', { name: LETTER }).click();
  await page.locator('.diff ins').first().waitFor();
}

async function openMerge(page: Page): Promise<void> {
  await openConflict(page);
  await page.getByRole('button', { name: 'Merge them' }).click();
  await page.getByRole('textbox').waitFor();
}

const opened = (name: string) => (page: Page) => panelOf(page, name).locator('.preview').waitFor();

/** Every page, and what opens on it. */
export const scenesOf = ({ good }: ShownFolder): readonly Scene[] => [
  { name: 'files', place: 'files', show: (page) => rowOf(page, 'Garden').waitFor() },
  { name: 'preview', place: 'files/Garden?open=Garden%2Fminutes.md', show: opened('minutes.md') },
  { name: 'versions', place: AT_LETTER, show: showVersions },
  { name: 'story', place: AT_LETTER, show: showStory },
  { name: 'compare', place: AT_LETTER, show: compareVersions },
  {
    name: 'menu',
    place: 'files',
    show: async (page) => {
      await rowOf(page, 'Recipes').getByRole('button', { name: 'Actions for Recipes' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).waitFor();
    },
  },
  { name: 'name', place: 'files', show: (page) => choose(page, 'Recipes', 'Rename') },
  { name: 'move', place: 'files', show: (page) => choose(page, 'Recipes', 'Move to …') },
  {
    name: 'chosen',
    place: 'files',
    show: (page) => rowOf(page, 'Recipes').getByRole('checkbox').check(),
  },
  {
    name: 'activity',
    place: 'activity',
    show: (page) => page.locator('.lines li').nth(2).waitFor(),
  },
  { name: 'trash', place: 'trash', show: (page) => page.getByText('packing list.txt').waitFor() },
  {
    name: 'rewind',
    place: `rewind/Garden?to=${good}`,
    show: (page) => page.getByText('to the neighbours.txt').waitFor(),
  },
  { name: 'conflicts', place: 'conflicts', show: openConflict },
  { name: 'merge', place: 'conflicts', show: openMerge },
  {
    name: 'clients',
    place: 'clients',
    show: (page) => page.getByRole('heading', { name: 'Anna', exact: true }).waitFor(),
  },
  {
    name: 'storage',
    place: 'storage',
    show: (page) => page.locator('.chart canvas').first().waitFor(),
  },
  { name: 'settings', place: 'settings', show: (page) => page.getByText('Largest file').waitFor() },
];
