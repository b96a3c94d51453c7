// What waits for maintenance windows, by mouse: it is shown as it comes, and done when
// somebody says so.
import { DescribeReplicationGroupsCommand, ModifyReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Aikagi } from './harness/aikagi';
import { launch } from './harness/browser';
import { japanese } from './harness/cases';
import { misfits } from './harness/layout';
import { toSection } from './harness/sections';
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

/** A window that is not now: it begins in three days. */
const later = (): string => {
  const day = (n: number) => ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'][(new Date().getUTCDay() + n) % 7];
  return `${day(3)}:04:00-${day(3)}:06:00`;
};

describe.each([japanese])('in $language, with $engine', ({ language, text, engine }) => {
  const { common, maintenance: words, upgrade } = text;
  const id = `shop-${language}`;

  const dialog = (page: Page) => page.getByRole('dialog');
  const start = (page: Page) => page.getByRole('button', { name: words.start.openOf(id), exact: true });

  /** Has something wait for the window. */
  const defer = async (CacheNodeType: string, toValkey: boolean) => {
    const version = toValkey ? { Engine: 'valkey', EngineVersion: '8.0' } : {};
    const change = { ReplicationGroupId: id, ApplyImmediately: false, CacheNodeType, ...version };
    await (await aikagi.api()).send(new ModifyReplicationGroupCommand(change));
  };

  beforeAll(async () => {
    await aikagi.createGroup(id, { Engine: engine, NumCacheClusters: 2, PreferredMaintenanceWindow: later() });
  });

  test('what waits is shown, and done now', async () => {
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await toSection(page, text, 'maintenance');
      await shown(page, words.none).waitFor();
      await defer('cache.t4g.small', true);
      await shown(page, words.nodeType('cache.t4g.small')).waitFor(); // as it comes
      expect(await shown(page, words.version('Valkey', '8.0')).count()).toBe(1);
      expect(await visitor.accessibility()).toEqual([]);

      // Nothing is done before it is confirmed.
      await start(page).click();
      await shown(dialog(page), upgrade.resize).waitFor();
      expect(await shown(dialog(page), upgrade.rolling).count()).toBe(1);
      expect(await visitor.accessibility()).toEqual([]);
      await dialog(page).getByRole('button', { name: words.start.keep }).click();
      await dialog(page).waitFor({ state: 'detached' });
      await start(page).click();
      await dialog(page).getByRole('button', { name: words.start.submit, exact: true }).click();
      await start(page).waitFor({ state: 'detached' });
      await shown(page, words.none).waitFor();

      await aikagi.available(id);
      const describe = new DescribeReplicationGroupsCommand({ ReplicationGroupId: id });
      const [group] = (await (await aikagi.api()).send(describe)).ReplicationGroups ?? [];
      expect([group?.CacheNodeType, group?.Engine]).toEqual(['cache.t4g.small', 'valkey']);

      // The others have windows, too.
      await page.getByLabel(words.dueOnly).uncheck();
      await page.getByRole('link', { name: id, exact: true }).waitFor();
    });
  });

  test('all of it fits the narrowest telephone', async () => {
    await defer('cache.t4g.medium', false);
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
        await toSection(page, text, 'maintenance');
        await shown(page, words.nodeType('cache.t4g.medium')).waitFor();
        await look('list');
        await start(page).click();
        await dialog(page).getByRole('button', { name: common.close }).waitFor();
        await look('dialog');
        expect(findings).toEqual([]);
      },
      { viewport: { width: 320, height: 640 } },
    );
    await aikagi.command('maintenance', id, '--now');
  });
});
