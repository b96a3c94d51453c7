import type { Page } from 'playwright-core';

/** Ends when what fades in or moves has come to rest; what goes round for ever, like a spinner, is left out. */
export const atRest = (page: Page) =>
  page.evaluate(async () => {
    const drawn = () => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next)));
    await drawn();
    const moving = document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(moving.map((a) => a.finished));
  });

/** The page is there, and nothing of it is still on its way. */
export const settled = async (page: Page) => {
  await page.getByRole('main').waitFor();
  await page.locator('[class*="awsui_spinner"]').first().waitFor({ state: 'detached' });
  await atRest(page);
};

/** Goes to a path of the console as its links do: to load all of it anew takes twice as long. */
export const go = async (page: Page, path: string) => {
  await page.evaluate((to) => history.pushState(null, '', to), `/console/${path}`);
  await settled(page);
};
