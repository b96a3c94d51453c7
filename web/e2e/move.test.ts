// A cache is moved from loopback to the machine's own address, by mouse: a plan that aikagi is
// not served with is refused, and so is the end while a client is at the old addresses.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Aikagi } from './harness/aikagi';
import { launch } from './harness/browser';
import { japanese } from './harness/cases';
import { connect, letsIn } from './harness/clients';
import { misfits } from './harness/layout';
import { freePorts } from './harness/ports';
import { shown } from './harness/shown';
import { visit } from './harness/visit';

let browser: Browser;
let aikagi: Aikagi;
beforeAll(async () => {
  const served = freePorts(20).then((ports) => Aikagi.start('--host-address', '127.0.0.1', '--port-range', ports));
  [browser, aikagi] = await Promise.all([launch(), served]);
});
afterAll(async () => {
  await browser?.close();
  await aikagi?.stop();
});

describe.each([japanese])('in $language, with $engine', ({ language, text, engine }) => {
  const { facts, addressPlans, move: words } = text.group;
  const id = `moved-${language}`;
  const dialog = (page: Page) => page.getByRole('dialog');
  const press = (page: Page, label: string) => dialog(page).getByRole('button', { name: label, exact: true }).click();
  const closed = (page: Page) => dialog(page).waitFor({ state: 'detached' });
  const moveTo = async (page: Page, plan: string) => {
    await page.getByRole('button', { name: words.to, exact: true }).click();
    await page.getByRole('menuitem', { name: addressPlans[plan] }).click();
    await press(page, words.submit);
  };
  /** Without a quiet time: only who is connected is in the way. */
  const finish = async (page: Page) => {
    await page.getByRole('button', { name: words.finish.open, exact: true }).click();
    await dialog(page).getByLabel(words.quiet).click();
    await page.getByRole('option', { name: words.connectedOnly }).click();
    await press(page, words.finish.submit);
  };

  test('a cache is moved when its clients have left the old addresses', async () => {
    const old = await aikagi.createGroup(id, { Engine: engine });
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await page.getByRole('link', { name: id, exact: true }).click();
      await page.getByRole('heading', { level: 2, name: facts.addressPlan }).waitFor();

      await moveTo(page, 'pool');
      await dialog(page)
        .getByText(/--pool-range/)
        .first()
        .waitFor();
      await press(page, text.common.cancel);
      await closed(page);

      // Both addresses serve, and the page sees who comes by the old one.
      const client = await connect(aikagi, old, 'late');
      await moveTo(page, 'host');
      await closed(page);
      await shown(page, words.stages.open('loopback', 'host')).waitFor();
      const guests = page.getByRole('table', { name: words.clientsOf('loopback') });
      await guests.getByText(text.group.connectivity.now).first().waitFor();
      expect(await client.ping()).toBe('PONG');
      const moved = await aikagi.available(id);
      expect(moved.host).toBe('127.0.0.1');
      expect(await letsIn(aikagi, moved)).toBe(true);
      expect(await visitor.accessibility()).toEqual([]);
      expect(await misfits(page)).toEqual([]);

      // The end is refused, and only then can it be forced; nothing has changed.
      await finish(page);
      await dialog(page).getByText(`aikagi move ${id}`).first().waitFor();
      await dialog(page).getByText(words.force).waitFor();
      expect(await visitor.accessibility()).toEqual([]);
      await press(page, words.keep);
      await closed(page);
      expect(await client.ping()).toBe('PONG');

      client.disconnect();
      await guests.getByText(text.group.connectivity.now).waitFor({ state: 'detached' });
      await finish(page);
      await closed(page);
      await page.getByRole('button', { name: words.to, exact: true }).waitFor();
      await shown(page, addressPlans.host ?? '')
        .first()
        .waitFor();
      expect(await letsIn(aikagi, moved)).toBe(true);
      await expect(connect(aikagi, old, 'gone')).rejects.toThrow();
    });
  });
});
