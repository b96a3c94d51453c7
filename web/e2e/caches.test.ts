// The list of caches: found, sorted, seen as one wants to see it, deleted.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ja } from '../src/i18n/ja';
import { Aikagi } from './harness/aikagi';
import { launch } from './harness/browser';
import { cases, japanese } from './harness/cases';
import { eventually } from './harness/eventually';
import { shown } from './harness/shown';
import { visit } from './harness/visit';

let browser: Browser;
let aikagi: Aikagi;
beforeAll(async () => {
  [browser, aikagi] = await Promise.all([launch(), Aikagi.start()]);
});
afterAll(async () => {
  await browser?.close();
  await aikagi?.stop();
});

const names = (page: Page) => page.locator('tbody tr').getByRole('rowheader').getByRole('link').allTextContents();
const shows = (page: Page, ...ids: string[]) => eventually(async () => expect(await names(page)).toEqual(ids));

describe('before there is any cache', () => {
  test.each(cases)('the list says so in $language, and where to begin', ({ language, text }) =>
    visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await shown(page, text.caches.noneDetail).waitFor();
      await page.getByRole('link', { name: text.common.create }).last().click(); // the first is above the list
      await page.getByRole('heading', { level: 1, name: text.common.create }).waitFor();
    }),
  );
});

describe.sequential('with caches', () => {
  beforeAll(async () => {
    await Promise.all([
      aikagi.createGroup('alpha', { Engine: 'valkey', NumCacheClusters: 2 }),
      aikagi.createGroup('beta', { Engine: 'redis', ReplicationGroupDescription: 'of the shop' }),
      aikagi.createGroup('gamma', { Engine: 'valkey', TransitEncryptionEnabled: false }),
    ]);
    await aikagi.changeToken('beta', 'ROTATE', 'First-Key-0123456789');
  });

  describe.each([japanese])('in $language', ({ language, text }) => {
    const { caches } = text;
    const find = (page: Page) => page.getByRole('searchbox', { name: caches.find });
    const choose = async (page: Page, column: keyof typeof caches.any, option: string | RegExp) => {
      await page.getByRole('button', { name: caches.column[column] }).and(page.locator('[aria-haspopup]')).click();
      await page.getByRole('option', { name: option }).click();
    };

    test('words and values find caches', () =>
      visit(browser, language, async (visitor, page) => {
        await visitor.signIn(aikagi);
        await shows(page, 'alpha', 'beta', 'gamma');

        await find(page).fill('OF THE SHOP');
        await shows(page, 'beta');
        await shown(page, caches.matches(1)).first().waitFor();
        await find(page).fill(`gamma ${text.common.disabled}`);
        await shows(page, 'gamma');
        await find(page).fill('nobody');
        await shown(page, caches.noMatchDetail).waitFor();
        await page.getByRole('button', { name: caches.clear }).first().click();
        await shows(page, 'alpha', 'beta', 'gamma');
        expect(await find(page).evaluate((input) => input === document.activeElement)).toBe(true);

        await choose(page, 'engine', /^Valkey [\d.]+\s*2$/);
        await shows(page, 'alpha', 'gamma');
        await find(page).fill('alp');
        await shows(page, 'alpha');
        await page.getByRole('button', { name: caches.clear }).click();

        await choose(page, 'access', caches.accessKind.passwordless);
        await shows(page, 'beta');
        expect(await visitor.accessibility()).toEqual([]);
        await choose(page, 'access', caches.any.access);
        await shows(page, 'alpha', 'beta', 'gamma');
      }));

    test('columns sort, and how the list is seen outlives a reload', () =>
      visit(browser, language, async (visitor, page) => {
        await visitor.signIn(aikagi);
        await shows(page, 'alpha', 'beta', 'gamma');
        const header = (name: string) => page.getByRole('columnheader', { name });
        // By force: what is hit is the copy of the header that sticks to the top, which is hidden from screen readers.
        const sort = (name: string) => header(name).getByRole('button').first().click({ force: true });
        await sort(caches.column.id);
        await shows(page, 'gamma', 'beta', 'alpha');
        await sort(caches.column.engine);
        await eventually(async () => expect((await names(page))[0]).toBe('beta'));

        const open = page.getByRole('button', { name: caches.preferences });
        await open.click();
        const dialog = page.getByRole('dialog', { name: caches.preferences });
        await dialog.getByLabel(caches.column.nodeType).uncheck();
        await dialog.getByLabel(caches.column.description).check();
        await dialog.getByRole('radio', { name: caches.cachesPerPage(50) }).check();
        await dialog.getByLabel(caches.wrapLines).check();
        expect(await dialog.getByLabel(caches.column.id).isDisabled()).toBe(true);
        expect(await visitor.accessibility()).toEqual([]);
        await dialog.getByRole('button', { name: caches.confirm }).click();
        await dialog.waitFor({ state: 'detached' });
        await eventually(async () =>
          expect(await open.evaluate((button) => button === document.activeElement)).toBe(true),
        );

        for (const load of [async () => {}, () => page.reload()]) {
          await load();
          await header(caches.column.description).waitFor();
          expect(await header(caches.column.nodeType).count()).toBe(0);
        }
        await open.click();
        expect(await dialog.getByRole('radio', { name: caches.cachesPerPage(50) }).isChecked()).toBe(true);
        expect(await dialog.getByLabel(caches.wrapLines).isChecked()).toBe(true);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
      }));

    test('a cache is deleted under an open page, which says so', async () => {
      const id = `doomed-${language}`;
      await aikagi.createGroup(id, { TransitEncryptionEnabled: false });
      await visit(browser, language, async (visitor, page) => {
        await visitor.signIn(aikagi);
        const other = await visitor.context.newPage();
        const faults: string[] = [];
        other.on('pageerror', ({ message }) => faults.push(message));
        await other.goto(`${aikagi.url}/console/caches/${id}`);
        await other.getByRole('heading', { level: 1, name: id }).waitFor();

        await page.bringToFront();
        await page.getByRole('checkbox', { name: caches.select(id) }).check();
        await page.getByRole('button', { name: caches.actions }).click();
        await page.getByRole('menuitem', { name: text.common.delete }).click();
        const dialog = page.getByRole('dialog', { name: text.deleteDialog.title(1) });
        await dialog.getByText(id, { exact: true }).waitFor();
        const submit = dialog.getByRole('button', { name: text.deleteDialog.submit });
        await dialog.getByRole('textbox').fill('delet');
        expect(await submit.isDisabled()).toBe(true);
        await dialog.getByRole('textbox').fill('delete');
        await submit.click();
        await shown(page, text.deleteDialog.deleting([id])).waitFor();
        await shows(page, 'alpha', 'beta', 'gamma');

        await other.bringToFront();
        await shown(other, text.common.gone(id)).waitFor();
        await other.getByRole('link', { name: text.common.toCaches }).click();
        await shows(other, 'alpha', 'beta', 'gamma');
        expect(faults).toEqual([]);
      });
    });
  });

  test('the warning of passwordless access shows them all', () =>
    visit(
      browser,
      'ja',
      async (visitor, page) => {
        await aikagi.changeToken('alpha', 'ROTATE', 'First-Key-0123456789');
        await visitor.signIn(aikagi);
        await shown(page, ja.caches.passwordless(2)).waitFor();
        await page.getByRole('button', { name: ja.caches.showThese }).click();
        await shows(page, 'alpha', 'beta');
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(wider).toBeLessThanOrEqual(0);
      },
      { viewport: { width: 360, height: 740 } },
    ));
});
