import { CreateReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Aikagi } from './harness/aikagi';
import { launch, Visitor } from './harness/browser';
import { eventually } from './harness/eventually';

/** More than fit into three answers of the API, or a thousand (scripts/web.sh many); the benchmark has as many as well. */
const groups = Number(process.env.AIKAGI_GROUPS ?? 301);
const atOnce = 8;
const wanted = groups - 23;
const id = (n: number) => `cache-${String(n).padStart(4, '0')}`;

let browser: Browser;
let aikagi: Aikagi;
beforeAll(async () => {
  [browser, aikagi] = await Promise.all([launch(), Aikagi.startLarge()]);
  const api = await aikagi.api();
  const next = Array.from({ length: groups }, (_, n) => n).values();
  const create = async () => {
    for (const n of next) {
      const input = {
        ReplicationGroupId: id(n),
        ReplicationGroupDescription: 'one of many',
        CacheNodeType: 'cache.t4g.micro',
        NumCacheClusters: 1,
      };
      await api.send(new CreateReplicationGroupCommand(input));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, create));
  await eventually(() => aikagi.available(id(groups - 1)), 240);
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await aikagi?.stop();
});

describe('many groups', () => {
  test('are counted, found, and live', async () => {
    const visitor = await Visitor.arrive(browser);
    try {
      const page = await visitor.signIn(aikagi);
      await page.getByRole('heading', { level: 1, name: `(${groups})` }).waitFor();
      // A screen of them, not all: the page stays light.
      expect(await page.locator('tbody tr').count()).toBeLessThanOrEqual(100);

      await page.getByRole('combobox').or(page.getByRole('searchbox')).first().fill(id(wanted));
      await page.keyboard.press('Enter');
      await eventually(async () => expect(await page.locator('tbody tr').count()).toBe(1));
      await page.getByRole('link', { name: id(wanted), exact: true }).click();
      await page.getByRole('heading', { level: 1, name: id(wanted) }).waitFor();

      await page.goBack();
      await page.getByRole('heading', { level: 1, name: `(${groups})` }).waitFor();
      await aikagi.createGroup('one-more', { TransitEncryptionEnabled: false });
      await page.getByRole('heading', { level: 1, name: `(${groups + 1})` }).waitFor();
      expect(visitor.faults).toEqual([]);
    } finally {
      await visitor.leave();
    }
  });
});
