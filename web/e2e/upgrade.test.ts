// Another engine, another version and another node type, by mouse: at once or in the maintenance window,
// with what it means for clients said before.
import {
  DescribeCacheClustersCommand,
  DescribeReplicationGroupsCommand,
  ListAllowedNodeTypeModificationsCommand,
} from '@aws-sdk/client-elasticache';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Aikagi } from './harness/aikagi';
import { launch } from './harness/browser';
import { english } from './harness/cases';
import { connect } from './harness/clients';
import { misfits } from './harness/layout';
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

describe.each([english])('in $language', ({ language, text }) => {
  const { caches, common, maintenance, modify, upgrade } = text;
  const id = `shop-${language}`;
  const lone = `alone-${language}`;
  const valkey = `${caches.engines.valkey} 8.0`;

  const toForm = async (page: Page, group: string) => {
    await go(page, `modify/${group}`);
    await page.getByRole('heading', { level: 1, name: modify.title(group) }).waitFor();
  };
  const choose = async (page: Page, label: string, value: string) => {
    await page.getByRole('button', { name: label }).click();
    await page.getByRole('option', { name: value }).first().click();
  };
  const preview = async (page: Page) => {
    await page.getByRole('button', { name: modify.preview }).click();
    await page.getByRole('heading', { level: 1, name: modify.review }).waitFor();
  };
  const submit = (page: Page) => page.getByRole('button', { name: common.modify, exact: true }).click();
  const describeGroup = async (group: string) => {
    const command = new DescribeReplicationGroupsCommand({ ReplicationGroupId: group });
    return (await (await aikagi.api()).send(command)).ReplicationGroups?.[0];
  };

  test('a cache becomes one of Valkey, with more memory, and keeps its data', async () => {
    const group = await aikagi.createGroup(id, { Engine: 'redis', NumCacheClusters: 2 });
    const before = await connect(aikagi, group, 'writer');
    await before.set('kept', 'yes');
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await toForm(page, id);
      await choose(page, modify.setting.version, valkey);
      await page.getByRole('button', { name: 'default.valkey8' }).waitFor(); // comes with it
      await choose(page, modify.setting.nodeType, 'cache.t4g.small');
      expect(await visitor.accessibility()).toEqual([]);
      await preview(page);
      const changes = page.getByRole('table', { name: modify.changes });
      await changes.getByText(valkey, { exact: true }).waitFor();
      await changes.getByText('cache.t4g.small', { exact: true }).waitFor();
      await shown(page, upgrade.rolling).waitFor();
      await shown(page, upgrade.noWayBack).waitFor();
      await shown(page, upgrade.resize).waitFor();
      expect(await visitor.accessibility()).toEqual([]);
      await submit(page);
      await page.getByRole('heading', { level: 1, name: id }).waitFor();
      await shown(page, modify.modifying(id)).waitFor();
      await aikagi.available(id);
      await page
        .getByText(text.group.engine.valkey ?? '', { exact: true })
        .first()
        .waitFor(); // the open page hears of it
    });
    const now = await describeGroup(id);
    expect([now?.Engine, now?.CacheNodeType]).toEqual(['valkey', 'cache.t4g.small']);
    before.disconnect();
    const after = await connect(aikagi, group, 'reader');
    expect(await after.get('kept')).toBe('yes');
    after.disconnect();
  });

  test('what waits for the window says so, and a version that another one serves is called that', async () => {
    await aikagi.createGroup(lone, { Engine: 'redis' });
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await toForm(page, lone);
      await choose(page, modify.setting.version, '7.1');
      await shown(page, modify.servedBy('redis 7.0.15')).waitFor();
      await preview(page);
      await shown(page, modify.sameBuild('redis 7.0.15')).waitFor();
      expect(await shown(page, upgrade.inPlace).count()).toBe(0);
      await page.getByRole('button', { name: common.previous }).click();
      await choose(page, modify.setting.version, '7.0');
      await choose(page, modify.setting.nodeType, 'cache.t4g.medium');
      await page.getByRole('radio', { name: modify.whens.later }).check();
      expect(await visitor.accessibility()).toEqual([]);
      await preview(page);
      await shown(page, modify.inWindow('').split('(')[0]?.trim() ?? '').waitFor();
      await submit(page);
      await page.getByRole('link', { name: modify.toMaintenance }).click();
      await page.getByRole('heading', { level: 1, name: maintenance.title }).waitFor();
      const line = page.getByRole('row').filter({ has: page.getByRole('link', { name: lone, exact: true }) });
      await line.getByText(maintenance.nodeType('cache.t4g.medium')).waitFor();
    });
    const command = new DescribeCacheClustersCommand({ CacheClusterId: `${lone}-001` });
    const [member] = (await (await aikagi.api()).send(command)).CacheClusters ?? [];
    expect(member?.PendingModifiedValues?.CacheNodeType).toBe('cache.t4g.medium');
    expect(member?.CacheNodeType).toBe('cache.t4g.micro');
  });

  test('no node type is offered that the service would refuse', async () => {
    const list = new ListAllowedNodeTypeModificationsCommand({ ReplicationGroupId: id });
    const { ScaleUpModifications: larger = [], ScaleDownModifications: smaller = [] } = await (await aikagi.api()).send(
      list,
    );
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await toForm(page, id);
      await page.getByRole('button', { name: modify.setting.nodeType }).click();
      await page.getByPlaceholder(modify.findNodeType).fill('t4g');
      const of = (types: string[]) => types.filter((type) => type.includes('t4g'));
      const offered = await page.getByRole('option').allTextContents();
      expect(offered).toEqual(['cache.t4g.small', ...of(larger), ...of(smaller)]);
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
        await toForm(page, lone);
        await shown(page, modify.pending('cache.t4g.medium')).waitFor();
        await choose(page, modify.setting.version, valkey);
        await page.getByRole('radio', { name: modify.whens.later }).check();
        await look('form');
        await preview(page);
        await shown(page, upgrade.inPlace).waitFor();
        await look('confirm');
        expect(findings).toEqual([]);
      },
      { viewport: { width: 320, height: 640 } },
    );
  });
});
