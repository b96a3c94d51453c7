// Parameter groups by mouse: one is made, its values are changed, refused, compared and
// reset, the caches that use it follow, and it goes when nobody uses it any more.
import {
  DescribeCacheClustersCommand,
  ModifyCacheParameterGroupCommand,
  ModifyReplicationGroupCommand,
} from '@aws-sdk/client-elasticache';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Aikagi } from './harness/aikagi';
import { launch } from './harness/browser';
import { english } from './harness/cases';
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

describe.each([english])('in $language, with $engine', ({ language, text, engine }) => {
  const { common, parameters: words } = text;
  const id = `shop-${language}`;
  const name = `sessions-${language}`;

  const dialog = (page: Page) => page.getByRole('dialog');
  const submit = (page: Page, label: string) => dialog(page).getByRole('button', { name: label, exact: true }).click();
  const closed = (page: Page) => dialog(page).waitFor({ state: 'detached' });
  const button = (page: Page, label: string) => page.getByRole('button', { name: label, exact: true });
  const table = (page: Page) => page.getByRole('table', { name: words.parametersOf(name) });
  // Not by roles: of a hundred rows with two buttons each, a browser takes seconds to say what all are called.
  const row = (page: Page, parameter: string) =>
    table(page).locator(`tr:has(button[aria-label="${words.change.openOf(parameter)}"])`);
  const change = async (page: Page, parameter: string) => {
    await button(page, words.change.openOf(parameter)).click();
    await dialog(page).waitFor();
  };
  const choose = async (page: Page, label: string, value: string) => {
    await page.getByRole('button', { name: label }).click();
    await page.getByRole('option', { name: value }).first().click();
  };

  /** Has a cache use a parameter group, past the console. */
  const use = async (parameterGroup: string) => {
    const api = await aikagi.api();
    const change = { ReplicationGroupId: id, CacheParameterGroupName: parameterGroup, ApplyImmediately: true };
    await api.send(new ModifyReplicationGroupCommand(change));
    await aikagi.available(id);
  };

  let usual: string; // the default group, which the cache has at first
  beforeAll(async () => {
    await aikagi.createGroup(id, { Engine: engine });
    const answer = await (await aikagi.api()).send(new DescribeCacheClustersCommand({ CacheClusterId: `${id}-001` }));
    usual = answer.CacheClusters?.[0]?.CacheParameterGroup?.CacheParameterGroupName ?? '';
  });

  test('values are changed, and caches have them', async () => {
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await toSection(page, text, 'parameters');
      const here = page.getByRole('navigation', { name: text.navigation.title }).locator('[aria-current="page"]');
      expect(await here.textContent()).toBe(words.title);

      // The default group shows who uses it, and cannot be changed.
      await page.getByRole('link', { name: usual, exact: true }).click();
      await shown(page, words.isDefault).waitFor();
      await page.getByRole('link', { name: id, exact: true }).waitFor();
      expect(await button(page, common.delete).getAttribute('aria-disabled')).toBe('true');
      expect(await page.getByRole('button', { name: words.change.openOf('timeout') }).count()).toBe(0);

      // One of its own, which begins with the same values.
      await toSection(page, text, 'parameters');
      await button(page, words.create.title).click();
      await dialog(page).getByLabel(words.name).first().fill(name);
      await choose(page, words.family, usual.replace('default.', ''));
      await submit(page, words.create.submit);
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await row(page, 'maxmemory-policy').getByText('volatile-lru').first().waitFor();

      // A value is chosen; another is refused, in the service's words, beside it.
      await change(page, 'maxmemory-policy');
      await shown(dialog(page), words.change.unused).waitFor();
      await choose(page, words.change.value, 'allkeys-lru');
      await submit(page, words.change.submit);
      await closed(page);
      await row(page, 'maxmemory-policy').getByText(words.changed).waitFor();
      await change(page, 'timeout');
      await dialog(page).getByLabel(words.change.value).fill('10');
      await submit(page, words.change.submit);
      await shown(dialog(page), /The value "10" of parameter timeout is not allowed/).waitFor();
      expect(await visitor.accessibility('[role="dialog"]')).toEqual([]);
      await dialog(page).getByLabel(words.change.value).fill('300');
      await submit(page, words.change.submit);
      await closed(page);
      await row(page, 'timeout').getByText('300', { exact: true }).waitFor();

      // Only what is changed.
      await page.getByLabel(words.changedOnly).check();
      expect(await table(page).getByRole('row').count()).toBe(3); // with that of the headers
      expect(await visitor.accessibility()).toEqual([]);
      await page.getByLabel(words.changedOnly).uncheck();
      await page.getByPlaceholder(words.findParameter).fill('databases');
      await row(page, 'databases').waitFor();
      await row(page, 'timeout').waitFor({ state: 'detached' });
      await page.getByPlaceholder(words.findParameter).fill('');

      // A cache that comes to use it is shown as it comes, and follows.
      await use(name);
      await page.getByRole('link', { name: id, exact: true }).waitFor();
      expect(await button(page, common.delete).getAttribute('aria-disabled')).toBe('true');
      await row(page, 'databases').waitFor({ state: 'detached' }); // it is chosen when a cache is created
      await change(page, 'maxmemory-policy');
      await shown(dialog(page), words.change.affects(id)).waitFor();
      await choose(page, words.change.value, 'noeviction');
      await submit(page, words.change.submit);
      await closed(page);
      await row(page, 'maxmemory-policy').getByText('noeviction', { exact: true }).waitFor();
      await page.getByText(words.applyStatus['in-sync'] ?? '', { exact: true }).waitFor();

      // Whoever changes it, the open page hears of it.
      const ParameterNameValues = [{ ParameterName: 'tcp-keepalive', ParameterValue: '60' }];
      const other = new ModifyCacheParameterGroupCommand({ CacheParameterGroupName: name, ParameterNameValues });
      await (await aikagi.api()).send(other);
      await row(page, 'tcp-keepalive').getByText('60', { exact: true }).waitFor();
    });
  });

  test('it is compared, reset and deleted', async () => {
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await go(page, `parameter-groups/${name}`);
      await page.getByRole('link', { name: words.compareDefault, exact: true }).click();
      const both = page.getByRole('table', { name: words.comparison.table });
      const line = both.getByRole('row').filter({ hasText: 'maxmemory-policy' });
      await line.getByText('noeviction', { exact: true }).waitFor();
      await line.getByText('volatile-lru', { exact: true }).waitFor();
      await both.getByRole('columnheader', { name: usual }).waitFor();
      expect(await both.getByRole('row').count()).toBe(4);
      expect(await visitor.accessibility()).toEqual([]);
      await page.getByLabel(words.comparison.differencesOnly).uncheck();
      await both.locator('tr', { hasText: 'databases' }).first().waitFor();

      // Of another family, which does not have all of it. The address says what is compared.
      const other = 'default.redis7';
      await go(page, `compare-parameter-groups?left=${name}&right=${other}`);
      await shown(both, words.comparison.absent).first().waitFor();

      await go(page, `parameter-groups/${name}`);
      await button(page, words.reset.openOf('timeout')).click();
      await shown(dialog(page), words.reset.line('timeout', '300', '0')).waitFor();
      await submit(page, words.reset.submit);
      await closed(page);
      await button(page, words.reset.openOf('timeout')).waitFor({ state: 'detached' });
      await button(page, words.reset.openAll).click();
      await shown(dialog(page), words.reset.line('tcp-keepalive', '60', '300')).waitFor();
      await submit(page, words.reset.submit);
      await closed(page);
      await page.getByLabel(words.changedOnly).check();
      await shown(table(page), words.noneChanged).waitFor();

      // Nobody uses it, until it is asked for: the refusal says who does.
      await use(usual);
      await page.getByRole('link', { name: id, exact: true }).waitFor({ state: 'detached' });
      await button(page, common.delete).click();
      await dialog(page).waitFor();
      await use(name);
      await submit(page, common.delete);
      await shown(dialog(page), new RegExp(`It is used by ${id}`)).waitFor();
      await dialog(page).getByRole('button', { name: common.cancel }).click();
      await closed(page);
      await use(usual);
      await page.getByRole('link', { name: id, exact: true }).waitFor({ state: 'detached' });
      await button(page, common.delete).click();
      await submit(page, common.delete);
      await page.getByRole('heading', { level: 1, name: words.title }).waitFor();
      await page.getByRole('link', { name: usual, exact: true }).waitFor();
      expect(await page.getByRole('link', { name, exact: true }).count()).toBe(0);
      await go(page, `parameter-groups/${name}`);
      await shown(page, words.gone(name)).waitFor();
    });
  });

  test('all of it fits the narrowest telephone', async () => {
    const own = `narrow-${language}`;
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
        await toSection(page, text, 'parameters');
        await page.getByRole('link', { name: usual, exact: true }).waitFor();
        await look('list');
        await button(page, words.create.title).click();
        await dialog(page).getByLabel(words.name).first().fill(own);
        await look('create');
        await choose(page, words.family, usual.replace('default.', ''));
        await submit(page, words.create.submit);
        await page.getByRole('heading', { level: 1, name: own }).waitFor();
        await page.getByRole('table').waitFor();
        await look('group');
        await change(page, 'maxmemory-policy');
        await look('change');
        await choose(page, words.change.value, 'allkeys-lru');
        await submit(page, words.change.submit);
        await closed(page);
        await button(page, words.reset.openOf('maxmemory-policy')).click();
        await look('reset');
        await dialog(page).getByRole('button', { name: common.cancel }).click();
        await closed(page);
        await page.getByRole('link', { name: words.compareDefault, exact: true }).click();
        await page.getByRole('table').getByText('allkeys-lru').waitFor();
        await look('compare');
        expect(findings).toEqual([]);
      },
      { viewport: { width: 320, height: 640 } },
    );
  });
});
