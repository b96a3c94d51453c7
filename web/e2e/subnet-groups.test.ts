// Subnet groups by mouse: one is made, used, modified and, when nobody uses it, deleted.
import {
  CreateCacheSubnetGroupCommand,
  DeleteReplicationGroupCommand,
  DescribeCacheSubnetGroupsCommand,
} from '@aws-sdk/client-elasticache';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Aikagi } from './harness/aikagi';
import { launch } from './harness/browser';
import { english } from './harness/cases';
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

describe.each([english])('in $language, with $engine', ({ language, text, engine }) => {
  const { common, subnets: words } = text;
  const id = `shop-${language}`;
  const name = `racks-${language}`;

  const dialog = (page: Page) => page.getByRole('dialog');
  const submit = (page: Page, label: string) => dialog(page).getByRole('button', { name: label, exact: true }).click();
  const closed = (page: Page) => dialog(page).waitFor({ state: 'detached' });
  const button = (page: Page, label: string) => page.getByRole('button', { name: label, exact: true });
  const row = (page: Page) =>
    page
      .getByRole('table', { name: words.table })
      .getByRole('row')
      .filter({ has: button(page, words.modify.openOf(name)) });
  const toSubnets = async (page: Page) => {
    await toSection(page, text, 'subnets');
    await button(page, words.modify.openOf('default')).waitFor();
  };

  test('it is created, used, modified and deleted', async () => {
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await toSubnets(page);
      expect(await button(page, words.remove.openOf('default')).getAttribute('aria-disabled')).toBe('true');

      await button(page, words.create.title).click();
      await dialog(page).getByLabel(words.name).first().fill(name);
      await dialog(page).getByLabel(words.subnets).fill('subnet-1\nrack');
      await submit(page, words.create.submit);
      await shown(dialog(page), words.create.subnetsWrong('rack')).waitFor();
      expect(await visitor.accessibility()).toEqual([]);
      await dialog(page).getByLabel(words.subnets).fill('subnet-1\nsubnet-2');
      await submit(page, words.create.submit);
      await closed(page);
      await row(page).getByText('subnet-2').waitFor();

      // A cache that comes to use it is shown as it comes, and keeps it.
      await aikagi.createGroup(id, { Engine: engine, CacheSubnetGroupName: name });
      await row(page).getByRole('link', { name: id, exact: true }).waitFor();
      expect(await button(page, words.remove.openOf(name)).getAttribute('aria-disabled')).toBe('true');
      expect(await visitor.accessibility()).toEqual([]);

      await button(page, words.modify.openOf(name)).click();
      await dialog(page).getByLabel(words.description).first().fill('two of three');
      await dialog(page).getByLabel(words.subnets).fill('subnet-2\nsubnet-3');
      await submit(page, words.modify.submit);
      await closed(page);
      await row(page).getByText('two of three', { exact: true }).waitFor();
      await row(page).getByText('subnet-3').waitFor();
      const describe = new DescribeCacheSubnetGroupsCommand({ CacheSubnetGroupName: name });
      const [group] = (await (await aikagi.api()).send(describe)).CacheSubnetGroups ?? [];
      expect(group?.Subnets?.map((s) => s.SubnetIdentifier)).toEqual(['subnet-2', 'subnet-3']);

      // A name that is taken is refused in the service's words, and nothing typed is lost.
      await button(page, words.create.title).click();
      await dialog(page).getByLabel(words.name).first().fill(name);
      await dialog(page).getByLabel(words.subnets).fill('subnet-1');
      await submit(page, words.create.submit);
      await shown(dialog(page), 'CacheSubnetGroupAlreadyExists').waitFor();
      expect(await dialog(page).getByLabel(words.subnets).inputValue()).toBe('subnet-1');
      await dialog(page).getByRole('button', { name: common.cancel }).click();
      await closed(page);

      // When the cache is gone, the group can go, too; the open page hears of both.
      await (await aikagi.api()).send(new DeleteReplicationGroupCommand({ ReplicationGroupId: id }));
      await row(page).getByRole('link', { name: id, exact: true }).waitFor({ state: 'detached' });
      await button(page, words.remove.openOf(name)).click();
      await submit(page, common.delete);
      await closed(page);
      await row(page).waitFor({ state: 'detached' });
    });
  });

  test('all of it fits the narrowest telephone', async () => {
    const create = { CacheSubnetGroupName: name, CacheSubnetGroupDescription: 'of the shop', SubnetIds: ['subnet-1'] };
    await (await aikagi.api()).send(new CreateCacheSubnetGroupCommand(create));
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
        const open = async (label: string) => {
          await button(page, label).click();
          await dialog(page).waitFor();
          await look(label);
          await dialog(page).getByRole('button', { name: common.close }).click();
          await closed(page);
        };
        await toSubnets(page);
        await look('list');
        await open(words.create.title);
        await open(words.modify.openOf(name));
        await open(words.remove.openOf(name));
        expect(findings).toEqual([]);
      },
      { viewport: { width: 320, height: 640 } },
    );
  });
});
