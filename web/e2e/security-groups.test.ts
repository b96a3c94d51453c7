// Who may connect, by mouse: a security group is made, keeps clients out, lets them in and
// shuts them out again, and an id that is not known lets everybody in, which the pages say.
import { once } from 'node:events';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Aikagi, type Group } from './harness/aikagi';
import { launch } from './harness/browser';
import { english } from './harness/cases';
import { connectFrom } from './harness/clients';
import { eventually } from './harness/eventually';
import { misfits } from './harness/layout';
import { toSection } from './harness/sections';
import { go } from './harness/settled';
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

// Where clients come from. Nothing else is different about them.
const inside = '127.9.0.5';
const outside = '127.8.0.1';

const letsIn = async (group: Group, from: string): Promise<boolean> => {
  const client = await connectFrom(aikagi, group, from).catch(() => undefined);
  client?.disconnect();
  return client !== undefined;
};
const becomes = (group: Group, from: string, welcome: boolean) =>
  eventually(async () => expect(await letsIn(group, from)).toBe(welcome));

describe.each([english])('in $language, with $engine', ({ language, text, engine }) => {
  const { common, security, modify } = text;
  const name = `web-${language}`;
  const id = `guarded-${language}`;
  const unknown = `sg-legacy-${language}`;

  const dialog = (page: Page) => page.getByRole('dialog');
  const submit = (page: Page, label: string) => dialog(page).getByRole('button', { name: label, exact: true }).click();
  const closed = (page: Page) => dialog(page).waitFor({ state: 'detached' });
  const toSecurity = (page: Page) => toSection(page, text, 'security');
  const toCache = async (page: Page, tab: string) => {
    await page.getByRole('link', { name: common.caches, exact: true }).first().click();
    await page.getByRole('link', { name: id, exact: true }).click();
    await page.getByRole('tab', { name: tab }).click();
  };
  const rules = (page: Page) => page.getByRole('table', { name: security.rulesOf(name) });
  const enter = (within: Locator, label: string, value: string) => within.getByLabel(label).first().fill(value);

  test('a security group keeps clients out, and lets them in', async () => {
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);

      // A security group of one network, and a cache that names it.
      await toSecurity(page);
      await page.getByRole('button', { name: security.create.title }).click();
      await enter(dialog(page), security.create.name, name);
      await enter(dialog(page), security.create.sources, '127.9.0.0/16');
      await submit(page, security.create.submit);
      await closed(page);
      await rules(page).getByText('127.9.0.0/16').waitFor();
      const known: { id: string; name: string }[] = JSON.parse(
        await aikagi.command('security-group', 'list', '-o', 'json'),
      );
      const web = known.find((g) => g.name === name)?.id ?? '';
      const group = await aikagi.createGroup(id, { Engine: engine, SecurityGroupIds: [web] });
      await page.getByRole('link', { name: id, exact: true }).waitFor(); // who names it, as it comes
      const remove = page.getByRole('button', { name: security.remove.openOf(name) });
      expect(await remove.getAttribute('aria-disabled')).toBe('true');
      expect(await letsIn(group, inside)).toBe(true);
      expect(await letsIn(group, outside)).toBe(false);
      expect(await visitor.accessibility()).toEqual([]);

      // Who was refused is told where the cache is shown.
      await page.getByRole('link', { name: id, exact: true }).click();
      await page.getByRole('link', { name, exact: true }).waitFor();
      const latest = page.getByRole('table', { name: security.refused.latest });
      await latest.getByRole('row').filter({ hasText: outside }).getByText(security.refused.reasons.rules).waitFor();
      expect(await latest.getByText(inside).count()).toBe(0);
      expect(await visitor.accessibility()).toEqual([]);

      // A rule lets the client in; to revoke it ends its connection.
      await toSecurity(page);
      await page.getByRole('button', { name: security.add.openOf(name) }).click();
      await enter(dialog(page), security.source, outside);
      await enter(dialog(page), security.ports, '6379');
      await submit(page, security.add.submit);
      await closed(page);
      const rule = rules(page)
        .getByRole('row')
        .filter({ hasText: `${outside}/32` });
      await rule.waitFor();
      await becomes(group, outside, true);
      const guest = await connectFrom(aikagi, group, outside);
      const ended = once(guest, 'end');
      await rule.getByRole('button').click();
      await shown(dialog(page), security.revoke.closes).waitFor();
      expect(await guest.ping()).toBe('PONG'); // it was not asked for yet
      await submit(page, security.revoke.submit);
      await ended;
      await rule.waitFor({ state: 'detached' });
      await becomes(group, outside, false);
      expect(await letsIn(group, inside)).toBe(true);

      // An id that is not known here lets everybody in, which is said before and after.
      await toCache(page, text.group.tabs.connectivity);
      await page.getByRole('link', { name: common.modify, exact: true }).first().click();
      await page.getByLabel(security.field.other).fill(unknown);
      await page.getByRole('button', { name: modify.preview }).click();
      await shown(page, security.effect.closes).waitFor();
      await shown(page, security.effect.unknown(unknown)).first().waitFor();
      await page.getByRole('button', { name: common.modify, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: id }).waitFor();
      await shown(page, security.cache.alert).waitFor();
      await page.getByRole('tab', { name: text.group.tabs.connectivity }).click();
      const badge = shown(page, security.cache.everybody);
      await badge.waitFor();
      await becomes(group, outside, true);

      // Whoever says whom it lets in, the open page hears of it.
      await aikagi.command('security-group', 'create', `legacy-${language}`, '--id', unknown);
      await badge.waitFor({ state: 'detached' });
      await page.getByRole('link', { name: `legacy-${language}`, exact: true }).waitFor();
      await becomes(group, outside, false);
      expect(await letsIn(group, inside)).toBe(true);
    });
  });

  test('all of it fits the narrowest telephone', async () => {
    await visit(
      browser,
      language,
      async (visitor, page) => {
        await visitor.signIn(aikagi);
        const findings: string[] = [];
        const look = async (what: string) => {
          await page.locator('[class*="awsui_spinner"]').first().waitFor({ state: 'detached' });
          for (const misfit of await misfits(page)) findings.push(`${what}: ${misfit}`);
        };
        const open = async (button: string) => {
          await page.getByRole('button', { name: button }).first().click();
          await dialog(page).waitFor();
          await look(button);
          await dialog(page).getByRole('button', { name: common.close }).click();
          await closed(page);
        };
        await toSecurity(page);
        await rules(page).getByText('127.9.0.0/16').waitFor();
        await look('list');
        await open(security.create.title);
        await open(security.add.openOf(name));
        await open(security.revoke.openOf(`127.9.0.0/16 (${security.allPorts})`, name));
        await go(page, `caches/${id}/connectivity`);
        await shown(page, outside).waitFor();
        await look('connectivity');
        await go(page, 'create');
        await page.getByRole('button', { name: security.field.label }).click();
        await page.getByRole('option', { name }).click();
        await page.keyboard.press('Escape'); // the list stays open for more
        await shown(page, security.effect.ruled).waitFor();
        await page.getByLabel(security.field.other).fill('sg-else');
        await shown(page, security.effect.unknown('sg-else')).waitFor();
        await look('create');
        expect(findings).toEqual([]);
      },
      { viewport: { width: 320, height: 640 } },
    );
  });
});
