import type { Page } from 'playwright-core';
import type { Dictionary } from '../../src/i18n/en';

/** Goes to a section of the console by its navigation, which a narrow page has behind a button. */
export async function toSection(page: Page, { navigation }: Dictionary, name: keyof Dictionary['navigation']) {
  const sections = page.getByRole('navigation', { name: navigation.title });
  const link = sections.getByRole('link', { name: navigation[name], exact: true });
  const menu = sections.locator('summary');
  await link.or(menu).first().waitFor();
  if (await menu.isVisible()) await menu.click();
  await link.click();
  await page.getByRole('heading', { level: 1, name: navigation[name] }).waitFor();
}
