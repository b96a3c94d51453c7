import type { Page } from 'playwright-core';

/** Ends when what fades in or moves has come to rest; what goes round for ever, like a spinner, is left out. */
const atRest = (page: Page) =>
  page.evaluate(async () => {
    const moving = document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(moving.map((a) => a.finished));
  });

/** The page is there, and nothing of it is still on its way. */
export const settled = async (page: Page) => {
  await page.getByRole('main').waitFor();
  await page.waitForLoadState('networkidle').catch(() => {}); // the stream of events never is
  await page.locator('[class*="awsui_spinner"]').first().waitFor({ state: 'detached' });
  await atRest(page);
};
