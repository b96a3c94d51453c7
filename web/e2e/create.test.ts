// A cache is made by mouse, in both languages: what is typed wrong is said at once, what the
// service refuses stays to be corrected, and the token of the form is the one that lets clients in.
import {
  CreateCacheParameterGroupCommand,
  CreateCacheSubnetGroupCommand,
  DeleteCacheSubnetGroupCommand,
  DescribeCacheClustersCommand,
} from '@aws-sdk/client-elasticache';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Aikagi } from './harness/aikagi';
import { launch } from './harness/browser';
import { cases } from './harness/cases';
import { letsIn } from './harness/clients';
import { shown } from './harness/shown';
import { visit } from './harness/visit';

let browser: Browser;
let aikagi: Aikagi;
beforeAll(async () => {
  [browser, aikagi] = await Promise.all([launch(), Aikagi.start()]);
  await aikagi.createGroup('taken', { TransitEncryptionEnabled: false });
});
afterAll(async () => {
  await browser?.close();
  await aikagi?.stop();
});

describe.each(cases)('in $language, with $engine', ({ language, text, engine }) => {
  const { common, create, tokenField } = text;
  const id = `made-${language}`;

  const open = async (page: Page) => {
    await page.getByRole('link', { name: common.create, exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: common.create }).waitFor();
  };
  const name = (page: Page) => page.getByLabel(create.name, { exact: true });
  const token = (page: Page) => page.getByLabel(create.token, { exact: true });
  const submit = (page: Page) => page.getByRole('button', { name: create.submit, exact: true }).click();
  const chooseToken = (page: Page) => page.getByRole('radio', { name: create.accessToken }).check();

  /** Waits until a rule is ticked, or is not. */
  const rule = (page: Page, words: string, look: keyof typeof tokenField.rule) =>
    page
      .locator('[class*="awsui_root_"]')
      .filter({ hasText: words })
      .filter({ has: page.getByRole('img', { name: tokenField.rule[look] }) })
      .last()
      .waitFor();

  test('a cache with a generated token, TLS and a replica', async () => {
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await open(page);
      await page.getByRole('radio', { name: text.caches.engines[engine] ?? '' }).check();
      await name(page).fill(id);
      await page.getByRole('button', { name: create.replicas }).click();
      await page.getByRole('option', { name: '1', exact: true }).click();
      await chooseToken(page);
      await page.getByRole('button', { name: tokenField.generate }).click();
      await page.getByRole('button', { name: tokenField.showToken }).click();
      const generated = await token(page).inputValue();
      expect(await token(page).getAttribute('type')).toBe('text');
      await submit(page);
      await shown(page, tokenField.keepFirst).waitFor(); // nobody can show it again
      expect(await visitor.accessibility()).toEqual([]);
      await page.getByLabel(tokenField.isKept).click();
      await submit(page);

      await page.getByRole('heading', { level: 1, name: id }).waitFor();
      await page
        .getByText(common.status.available ?? '', { exact: true })
        .first()
        .waitFor();
      const group = await aikagi.available(id);
      expect(await letsIn(aikagi, group, generated)).toBe(true);
      expect(await letsIn(aikagi, group)).toBe(false);
      expect(await letsIn(aikagi, group, `${generated}x`)).toBe(false);

      const kept = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
      );
      expect(kept).not.toContain(generated);
      expect(aikagi.output()).not.toContain(generated);

      await page.getByRole('link', { name: common.caches }).first().click();
      const line = page.getByRole('row').filter({ has: page.getByRole('link', { name: id, exact: true }) });
      await line.getByText(text.caches.accessKind.token).waitFor();
      await line.getByText(text.caches.engines[engine] ?? '').waitFor();
    });
  });

  test('a cache with groups and a window of its own; one that is gone is said beside its field', async () => {
    const api = await aikagi.api();
    const [racks, small] = [`racks-${language}`, `small-${language}`];
    const subnets = { CacheSubnetGroupName: racks, CacheSubnetGroupDescription: racks, SubnetIds: ['subnet-0a1b2c3d'] };
    const CacheParameterGroupFamily = { valkey: 'valkey8', redis: 'redis7' }[engine];
    await api.send(new CreateCacheSubnetGroupCommand(subnets));
    await api.send(
      new CreateCacheParameterGroupCommand({
        CacheParameterGroupName: small,
        CacheParameterGroupFamily,
        Description: small,
      }),
    );
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await open(page);
      const field = (label: string) => page.getByRole('button', { name: label });
      const choose = async (label: string, option: string) => {
        await field(label).click();
        await page.getByRole('option', { name: option }).first().click();
      };
      const parameterGroup = text.modify.setting.parameterGroup;
      await page.getByRole('radio', { name: text.caches.engines[engine] ?? '' }).check();
      await field(parameterGroup).click();
      await page
        .getByRole('option')
        .first()
        .getByText(`default.${CacheParameterGroupFamily}`, { exact: true })
        .waitFor();
      await page.getByRole('option', { name: small }).click();
      await choose(create.subnetGroup, racks);
      await page.getByRole('radio', { name: create.windowChosen }).check();
      await choose(text.modify.windowStart, '04:30');
      await choose(create.replicas, '0');
      await name(page).fill(`placed-${language}`);
      await api.send(new DeleteCacheSubnetGroupCommand({ CacheSubnetGroupName: racks }));
      await submit(page);
      await page.locator('[aria-invalid="true"]').and(field(create.subnetGroup)).waitFor();
      expect(await visitor.accessibility()).toEqual([]);
      await choose(create.subnetGroup, 'default');
      await page.locator('[aria-invalid="true"]').waitFor({ state: 'detached' });
      await submit(page);

      await page.getByRole('heading', { level: 1, name: `placed-${language}` }).waitFor();
      const answer = await api.send(new DescribeCacheClustersCommand({ CacheClusterId: `placed-${language}-001` }));
      expect(answer.CacheClusters?.[0]).toMatchObject({
        CacheParameterGroup: { CacheParameterGroupName: small },
        CacheSubnetGroupName: 'default',
        PreferredMaintenanceWindow: 'sun:04:30-sun:05:30',
      });
    });
  });

  test('rules are ticked while something is typed', async () => {
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await open(page);
      await rule(page, create.nameRules.start, 'not-started');
      await name(page).fill('2--caches_');
      for (const broken of ['start', 'characters', 'hyphens'] as const) {
        await rule(page, create.nameRules[broken], 'error');
      }
      await rule(page, create.nameRules.length, 'success');
      await name(page).fill('caches-2');
      for (const kept of ['length', 'start', 'characters', 'hyphens'] as const) {
        await rule(page, create.nameRules[kept], 'success');
      }

      await chooseToken(page);
      await rule(page, tokenField.rules.length, 'not-started');
      await token(page).fill('short @');
      await rule(page, tokenField.rules.length, 'error');
      await rule(page, tokenField.rules.characters, 'error');
      await token(page).fill('Long-Enough-012345');
      await rule(page, tokenField.rules.length, 'success');
      await rule(page, tokenField.rules.characters, 'success');

      // What is wrong is said where it is, and the form does not go.
      await token(page).fill('short');
      await name(page).fill('');
      await submit(page);
      await shown(page, create.nameWrong).waitFor();
      await shown(page, tokenField.invalid).waitFor();
      expect(await name(page).evaluate((input) => input === document.activeElement)).toBe(true);
      await page.getByRole('switch', { name: create.tls }).or(page.getByLabel(create.tls)).first().uncheck();
      await shown(page, create.tokenNeedsTls).first().waitFor();
      expect(await visitor.accessibility()).toEqual([]);
    });
  });

  test('a name that exists is refused in the service’s words, and nothing typed is lost', async () => {
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await open(page);
      await name(page).fill('taken');
      await page.getByLabel(create.description).first().fill('kept');
      await chooseToken(page);
      await token(page).fill('Typed-By-Hand-0123');
      await submit(page);
      await shown(page, create.refused).waitFor();
      await shown(page, 'ReplicationGroupAlreadyExists').first().waitFor();
      expect(await name(page).inputValue()).toBe('taken');
      expect(await token(page).inputValue()).toBe('Typed-By-Hand-0123');
      expect(await page.getByLabel(create.description).first().inputValue()).toBe('kept');
    });
  });
});
