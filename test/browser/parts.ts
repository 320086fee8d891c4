/// <reference lib="dom" />
import type { Locator, Page } from 'playwright-core';

/** What a person finds on the pages, by the words that stand there. */

/** Of a file or directory in the list. */
export const rowOf = (page: Page, name: string): Locator =>
  page.getByRole('row').filter({ has: page.getByTitle(name, { exact: true }) });

/** One of the actions that a row's menu offers. */
export async function choose(page: Page, name: string, action: string): Promise<void> {
  await rowOf(page, name)
    .getByRole('button', { name: `Actions for ${name}` })
    .click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

/** What a page says in passing, and the way back that it offers with it. */
export const told = (page: Page, words: string): Locator =>
  page.getByRole('dialog').filter({ hasText: words });

/** A file that is opened, with all that is known of it. */
export const panelOf = (page: Page, name: string): Locator =>
  page.getByRole('complementary', { name: `About ${name}` });
