import type { Browser } from 'playwright-core';
import { openChromium } from '../../test/browser/open-chromium.ts';
import type { Asked } from './ask.ts';
import { LARGE } from './choose-changes.ts';

/** A real browser that was never here, until it shows the list. Undefined: there is none. */
export async function showLists(
  url: string,
): Promise<{ readonly asked: readonly Asked[]; close(): Promise<void> } | undefined> {
  let browser: Browser;
  try {
    browser = await openChromium();
  } catch (error) {
    console.log(`No Chromium, so left out: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
  const show = (what: string, place: string): Asked => ({
    what,
    run: async () => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      const page = await context.newPage();
      await page.goto(`${url}/#/${place}`);
      await page.locator('.rows .list-row').first().waitFor();
      await context.close();
      return undefined;
    },
  });
  return {
    asked: [
      show('Chromium, first page, until its list shows', 'files'),
      show('Chromium, the large directory, until its list shows', `files/${LARGE}`),
    ],
    close: () => browser.close(),
  };
}
