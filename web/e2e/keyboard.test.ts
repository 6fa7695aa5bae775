import { beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';

import { installed } from './browser';
import { furnish, goTo, places, type Made } from './places';
import { setStage } from './stage';

declare global {
  interface Window {
    /** What has had the focus since the tabbing began, and whether it has come round. */
    tabbed: { reached: Set<EventTarget>; round: boolean };
  }
}

const mostStops = 250;

/** Goes through a page by Tab, and returns the controls that neither it nor the arrows of what it stops at lead to. */
async function outOfReach(page: Page): Promise<string[]> {
  await page.evaluate(() => {
    if (!('tabbed' in window)) {
      document.addEventListener('focusin', ({ target }) => {
        const { reached } = window.tabbed;
        if (target) {
          window.tabbed.round ||= reached.size > 1 && target === reached.values().next().value;
          reached.add(target);
        }
      });
    }
    window.tabbed = { reached: new Set(), round: false };
    (document.activeElement as HTMLElement | null)?.blur();
  });
  for (let stops = 0; stops < mostStops && !(await page.evaluate(() => window.tabbed.round)); stops++) {
    await page.keyboard.press('Tab');
  }
  return page.evaluate(() => {
    const { reached, round } = window.tabbed;
    // Within these one element is a stop, and the arrows lead to the others.
    const composite = '[role=grid], [role=toolbar], [role=radiogroup], [role=tablist], [role=listbox], [role=menu]';
    const hasStop = (within: Element): boolean => [...reached].some((one) => within.contains(one as Node));
    // From one of these keys go to the others: arrows through all columns and days, J and K through notes.
    const kinds = ['[data-movable]', 'li:has([data-note])'].filter((kind) => [...reached].some((one) => (one as Element).closest(kind)));
    const within = document.querySelector('dialog:modal') ?? document; // outside of a dialog nothing is to be reached
    const missed = [...within.querySelectorAll<HTMLElement>('a[href], button, input, select, textarea, [role=slider], [role=switch], [role=button]')].filter((element) => {
      const among = element.closest(composite);
      const radios = element instanceof HTMLInputElement && element.type === 'radio' ? document.getElementsByName(element.name) : [];
      return (
        element.checkVisibility({ visibilityProperty: true }) &&
        !element.matches(':disabled') &&
        !element.closest('[aria-hidden=true], [inert]') &&
        !reached.has(element) &&
        !(among && hasStop(among)) &&
        !kinds.some((kind) => element.closest(kind)) &&
        ![...radios].some((radio) => reached.has(radio))
      );
    });
    return [...missed.map((element) => element.outerHTML.slice(0, 160)), ...(round ? [] : ['Tab does not come round'])];
  });
}

describe.skipIf(!installed)('by keys alone', () => {
  const stage = setStage();
  let made: Made;
  beforeAll(async () => {
    made = await furnish(stage);
  });

  it('every control of every page is reached', { timeout: 180_000 }, async () => {
    const page = await stage.open(stage.logins.ada, '/me');
    for (const { address, shown } of places(made)) {
      await goTo(page, address);
      await page.locator(shown).first().waitFor();
      expect(await outOfReach(page), address).toEqual([]);
    }
  });
});
