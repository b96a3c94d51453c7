import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Language, Visitor } from './browser';

/** Lets a visitor with a fresh profile in, and out again; whatever the pages did wrong fails the test. */
export async function visit(
  browser: Browser,
  language: Language,
  use: (visitor: Visitor, page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  const visitor = await Visitor.arrive(browser, language, options);
  try {
    await use(visitor, visitor.page);
    expect(visitor.faults).toEqual([]);
  } catch (error) {
    await visitor.page
      .screenshot({ path: `${process.env.AIKAGI_E2E_FAILURES ?? '/tmp'}/aikagi-e2e-failure.png` })
      .catch(() => {});
    throw error;
  } finally {
    await visitor.leave();
  }
}
