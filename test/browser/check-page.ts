/// <reference lib="dom" />
import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** What keeps some people from using a page as it is now, one line for each finding that weighs; none: it is well. */
export async function barriersIn(page: Page): Promise<string[]> {
  // Half-way between two looks, colours are none that stay.
  await page.evaluate(() =>
    Promise.allSettled(document.getAnimations().map(({ finished }) => finished)),
  );
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (): Promise<AxeResults> => (window as unknown as { axe: typeof axe }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}\n${html}\n${failureSummary}`),
    );
}

/** What is wrong with the layout at the width that it has: the page scrolls sideways, or an action cannot be reached. */
export const layoutFaults = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    const faults =
      scrollWidth > clientWidth ? [`The page is ${scrollWidth} wide, of ${clientWidth}.`] : [];
    /** While one of these is open, what lies behind it is not to be reached. */
    const fronts = '.panel, [role=dialog]:not(.toast), [role=menu]';
    const front = [...document.querySelectorAll(fronts)].at(-1);
    const actions =
      'a[href], button, input:not([type=range]), select, textarea, [role=tab], [role=menuitem]';
    for (const element of (front ?? document).querySelectorAll<HTMLElement>(actions)) {
      const isShown = element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
      if (!isShown || element.closest('.skip-link, .hidden, [inert], [aria-hidden=true]')) continue;
      element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      const { left, top, width, height } = element.getBoundingClientRect();
      if (width <= 1 || height <= 1) continue;
      const [x, y] = [left + width / 2, top + height / 2];
      const hit = document.elementFromPoint(x, y);
      const isHit =
        hit !== null && (element.contains(hit) || hit.closest('label')?.contains(element));
      if (isHit) continue;
      const name = element.getAttribute('aria-label') ?? element.textContent;
      faults.push(`At ${Math.round(x)}, ${Math.round(y)} is not “${name}” but ${hit?.outerHTML}.`);
    }
    return faults;
  });
