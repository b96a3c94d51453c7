import type { Page } from 'playwright-core';

/** Waits until a figure of the page has a value. */
export const figure = (page: Page, label: string, value: string) =>
  page
    .locator('dt', { hasText: label })
    .locator('xpath=following-sibling::dd')
    .getByText(value, { exact: true })
    .waitFor();
