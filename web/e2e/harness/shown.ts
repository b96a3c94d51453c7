// What a page shows.
import type { Locator, Page } from 'playwright-core';

/**
 * The text that a page, or a part of it, shows. What it also has screen readers announce are the same words once more,
 * for a moment and in an element of its own, which a test that looks in that moment would find, too.
 */
export function shown(where: Page | Locator, text: string | RegExp): Locator {
  const page = 'page' in where ? where.page() : where;
  return where.getByText(text).and(page.locator(':not([aria-live])'));
}
