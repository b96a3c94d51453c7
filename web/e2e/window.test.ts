// What holds for every page: it is found again, says when it cannot be shown, notices another
// version of aikagi, and takes the keyboard along.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Aikagi } from './harness/aikagi';
import { launch } from './harness/browser';
import { japanese } from './harness/cases';
import { eventually } from './harness/eventually';
import { go } from './harness/settled';
import { shown } from './harness/shown';
import { visit } from './harness/visit';

let browser: Browser;
let aikagi: Aikagi;
beforeAll(async () => {
  [browser, aikagi] = await Promise.all([launch(), Aikagi.start()]);
  await aikagi.createGroup('orders', { Engine: japanese.engine });
});
afterAll(async () => {
  await browser?.close();
  await aikagi?.stop();
});

const focused = (page: Page) => page.evaluate(() => document.activeElement?.tagName);

describe.each([japanese])('in $language', ({ language, text: { common } }) => {
  const id = 'orders';

  test('a page whose scripts do not come says so, and is there when they do', () =>
    visit(browser, language, async (visitor, page) => {
      await page.route('**/assets/later-*.js', (route) => route.abort());
      await visitor.signIn(aikagi);
      await page.getByRole('link', { name: common.create }).click();
      await shown(page, common.brokenDetail).waitFor();
      expect(await visitor.accessibility()).toEqual([]);

      await page.getByRole('link', { name: common.caches }).first().click(); // the way out
      await page.getByRole('link', { name: id }).waitFor();
      await page.goBack();
      await shown(page, common.brokenDetail).waitFor();
      await page.unroute('**/assets/later-*.js');
      await page.getByRole('button', { name: common.reload }).click();
      await page.getByRole('heading', { level: 1, name: common.create }).waitFor();
    }));

  test('another version of aikagi is noticed', () =>
    visit(browser, language, async (visitor, page) => {
      let version = 'v1';
      await page.route('**/console/stream', (route) =>
        // A stream that ends is opened again by the browser.
        route.fulfill({
          contentType: 'text/event-stream',
          body: `retry: 50\nevent: hello\ndata: {"version":"${version}"}\n\n`,
        }),
      );
      await visitor.signIn(aikagi);
      await page.getByRole('link', { name: id }).waitFor();
      expect(await shown(page, common.upgraded).count()).toBe(0);
      version = 'v2';
      await shown(page, common.upgraded).waitFor();
      await page.unroute('**/console/stream');
      await page.getByRole('button', { name: common.reload }).click();
      await shown(page, common.upgraded).waitFor({ state: 'detached' });
      await page.getByRole('link', { name: id }).waitFor();
    }));

  test('a link takes the keyboard to the page', () =>
    visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await page.getByRole('link', { name: id }).press('Enter');
      await page.getByRole('heading', { level: 1, name: id }).waitFor();
      await eventually(async () => expect(await focused(page)).toBe('MAIN'));
      await page.goBack();
      await page.getByRole('link', { name: id }).waitFor();
      await eventually(async () => expect(await focused(page)).toBe('MAIN'));
    }));

  test('an address in capitals is that of the same cache, and as live', () =>
    visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await go(page, `caches/${id.toUpperCase()}`);
      await page.getByRole('heading', { level: 1, name: id }).waitFor();
      await aikagi.changeToken(id, 'ROTATE', 'First-Key-0123456789');
      await shown(page, common.passwordless).first().waitFor();
    }));
});
