import type { Page } from 'playwright-core';

/** The page is there, and nothing of it is still on its way. */
export const settled = async (page: Page) => {
  await page.getByRole('main').waitFor();
  await page.waitForLoadState('networkidle').catch(() => {}); // the stream of events never is
  await page.locator('[class*="awsui_spinner"]').first().waitFor({ state: 'detached' });
};
