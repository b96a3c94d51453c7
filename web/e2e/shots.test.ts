// The pictures of docs/console/. AIKAGI_SHOTS names the folder that they are written to (scripts/web.sh
// shots does); without it they are taken all the same, and thrown away.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import type { Redis } from 'ioredis';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Aikagi } from './harness/aikagi';
import { launch } from './harness/browser';
import { cases } from './harness/cases';
import { connect } from './harness/clients';
import { go } from './harness/settled';
import { shown } from './harness/shown';
import { visit } from './harness/visit';

const old = 'Yesterdays-Key-0123456789';
const next = 'Tomorrows-Key-0123456789';

let browser: Browser;
let aikagi: Aikagi;
let folder: string;
let delivered: string;
const clients: Redis[] = [];

beforeAll(async () => {
  delivered = await mkdtemp(join(tmpdir(), 'aikagi-shots-'));
  folder = process.env.AIKAGI_SHOTS ?? join(delivered, 'shots');
  await mkdir(folder, { recursive: true });
  [browser, aikagi] = await Promise.all([launch(), Aikagi.start('--delivery-files', delivered)]);
  const shop = await aikagi.createGroup('shop', { NumCacheClusters: 3, AutomaticFailoverEnabled: true });
  const orders = await aikagi.createGroup('orders', { NumCacheClusters: 2, Engine: 'redis', AuthToken: old });
  await aikagi.createGroup('sessions', { AuthToken: old });
  const api = await aikagi.api();
  await api.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: 'plain',
      ReplicationGroupDescription: 'no TLS',
      CacheNodeType: 'cache.t4g.micro',
    }),
  );
  await aikagi.available('plain');
  for (const name of ['web-1', 'web-2', 'worker-1']) clients.push(await connect(aikagi, shop, name));
  await aikagi.changeToken('shop', 'ROTATE', next);
  clients.push(await connect(aikagi, shop, 'web-3', next));

  for (const name of ['api-1', 'api-2', 'nightly-report']) clients.push(await connect(aikagi, orders, name, old));
  const destination = join(delivered, 'orders-token');
  await aikagi.command('token', 'rotate', 'orders', '--deliver', `file:${destination}`, '--finish', 'ask');
  const made = (await readFile(destination, 'utf8')).trim();
  for (const name of ['api-3', 'api-4', 'api-5']) clients.push(await connect(aikagi, orders, name, made));
});

afterAll(async () => {
  for (const client of clients) client.disconnect();
  await browser?.close();
  await aikagi?.stop();
  if (delivered) await rm(delivered, { recursive: true, force: true });
});

describe.each(cases)('in $language', ({ language, text }) => {
  const shoot = (page: Page, name: string) =>
    page.screenshot({ path: join(folder, `${name}-${language}.png`), animations: 'disabled' });

  test('the list warns', () =>
    visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await shown(page, text.caches.passwordless(1)).waitFor();
      await page.getByRole('link', { name: 'plain', exact: true }).waitFor();
      await shoot(page, 'caches');
    }));

  test('the confirmation names who would be locked out', () =>
    visit(
      browser,
      language,
      async (visitor, page) => {
        await visitor.signIn(aikagi);
        await go(page, 'modify/shop?strategy=SET');
        await page.getByLabel(text.modify.token, { exact: true }).fill(next);
        await page.getByRole('button', { name: text.modify.preview }).click();
        await page.getByRole('table', { name: text.modify.lockedOut }).getByText('worker-1').waitFor();
        await shoot(page, 'confirm');
      },
      { viewport: { width: 1280, height: 1340 } },
    ));

  test('the cockpit shows who is left', () =>
    visit(
      browser,
      language,
      async (visitor, page) => {
        await visitor.signIn(aikagi);
        await go(page, 'rotation/orders');
        await shown(page, 'nightly-report').first().waitFor();
        // Two samples make a line.
        await expect
          .poll(() => page.getByRole('application').locator('path').count(), { timeout: 120_000 })
          .toBeGreaterThan(1);
        await shoot(page, 'rotation');
      },
      { viewport: { width: 1280, height: 1340 } },
    ));

  test('the metrics', () =>
    visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await go(page, 'caches/shop/metrics');
      await expect.poll(() => page.getByRole('application').count(), { timeout: 120_000 }).toBeGreaterThan(7);
      await shoot(page, 'metrics');
    }));
});
