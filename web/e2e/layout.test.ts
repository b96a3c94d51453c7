// On a telephone nothing is cut off or broken inside a word, on any page, in either language; on a
// small notebook the endpoints of the list are whole.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Aikagi } from './harness/aikagi';
import { launch } from './harness/browser';
import { cases } from './harness/cases';
import { connect } from './harness/clients';
import { eventually } from './harness/eventually';
import { misfits } from './harness/layout';
import { go } from './harness/settled';
import { shown } from './harness/shown';
import { visit } from './harness/visit';

let browser: Browser;
let aikagi: Aikagi;
let folder: string;
const old = 'Yesterdays-Key-0123456789';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aikagi-tokens-'));
  [browser, aikagi] = await Promise.all([launch(), Aikagi.start('--delivery-files', folder)]);
  await Promise.all([
    aikagi.createGroup('orders', { NumCacheClusters: 3, AutomaticFailoverEnabled: true }),
    aikagi.createGroup('shopping-carts-of-the-european-shop', { AuthToken: old, NumCacheClusters: 2 }),
    aikagi.createCluster('sessions-alone'),
    aikagi.createGroup('damaged'),
  ]);
  await aikagi.command('security-group', 'create', 'servers-of-the-european-shop', '--allow', '2001:db8:85a3:8d3::/64');
  await aikagi.changeToken('orders', 'ROTATE', 'First-Key-0123456789');
  await aikagi.failOver('orders');
  await aikagi.breakNode('damaged');
  await aikagi.rolledBack('shopping-carts-of-the-european-shop', join(folder, 'token'));
});
afterAll(async () => {
  await browser?.close();
  await aikagi?.stop();
  await rm(folder, { recursive: true, force: true });
});

const tabs = ['nodes', 'connectivity', 'metrics', 'events', 'failovers', 'maintenance', 'tags', 'connect'];
const pages = [
  '',
  'create',
  'security-groups',
  'maintenance',
  'subnet-groups',
  'parameter-groups',
  'parameter-groups/default.valkey8',
  'compare-parameter-groups?left=default.redis7&right=default.valkey8',
  'caches/orders',
  ...tabs.map((tab) => `caches/orders/${tab}`),
  'caches/shopping-carts-of-the-european-shop',
  'caches/shopping-carts-of-the-european-shop/connectivity',
  'caches/shopping-carts-of-the-european-shop/events',
  'caches/sessions-alone',
  'caches/damaged',
  'caches/damaged/nodes',
  'modify/orders?strategy=SET',
  'modify/shopping-carts-of-the-european-shop',
  'rotation/orders',
  'rotation/shopping-carts-of-the-european-shop',
  'caches/nobody',
  'nowhere',
];

const telephone = { viewport: { width: 375, height: 812 } };

describe.each(cases)('in $language', ({ language, text }) => {
  const picture = async (page: Page, name: string) => {
    const { AIKAGI_LAYOUT: into } = process.env;
    if (into)
      await page.screenshot({ path: `${into}/${language}-${name.replaceAll(/\W+/g, '-')}.png`, fullPage: true });
  };

  test('every page fits a telephone', async () => {
    await visit(
      browser,
      language,
      async (visitor, page) => {
        const findings: string[] = [];
        const look = async (name: string) => {
          await picture(page, name || 'list');
          for (const misfit of await misfits(page)) findings.push(`${name || 'list'}: ${misfit}`);
        };
        await page.goto(`${aikagi.url}/console/`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await look('sign-in');
        await visitor.signIn(aikagi);
        for (const path of pages) {
          await go(page, path);
          await look(path);
        }
        for (const tab of [text.rotation.schedule.tab, text.rotation.history.title]) {
          await go(page, 'rotation/shopping-carts-of-the-european-shop');
          await page.getByRole('tab', { name: tab, exact: true }).click();
          await look(`rotation, ${tab}`);
        }
        await go(page, 'caches/damaged/nodes');
        const why = shown(page, language === 'ja' ? /スナップショット.*壊れているか/ : /dump\.rdb, is damaged/);
        await eventually(async () => expect(await why.count()).toBe(2)); // the reason of the status, and what is said of the node
        await page.getByRole('table').getByText(text.group.troubles.fault.mark).waitFor();
        expect(findings).toEqual([]);
      },
      telephone,
    );
  });

  test('what is asked and confirmed fits a telephone', async () => {
    const worker = await connect(aikagi, await aikagi.available('orders'), 'nightly-report-worker-1');
    await visit(
      browser,
      language,
      async (visitor, page) => {
        const findings: string[] = [];
        const look = async (name: string) => {
          await picture(page, name);
          for (const misfit of await misfits(page)) findings.push(`${name}: ${misfit}`);
        };
        await visitor.signIn(aikagi);
        await go(page, 'modify/orders?strategy=SET');
        await page.getByLabel(text.modify.token, { exact: true }).fill('First-Key-0123456789');
        await page.getByRole('button', { name: text.modify.preview }).click();
        await page.getByRole('table', { name: text.modify.lockedOut }).getByText('nightly-report-worker-1').waitFor();
        await look('confirm');
        await go(page, 'create');
        await page.getByRole('radio', { name: text.create.accessToken }).check();
        await page.getByRole('button', { name: text.tokenField.generate }).click();
        await page.getByRole('button', { name: text.create.submit, exact: true }).click();
        await look('create, with a token');
        await go(page, 'caches/orders/nodes');
        await page.getByRole('button', { name: text.group.tasks.testFailover.title, exact: true }).first().click();
        await page.getByRole('dialog').waitFor();
        await look('dialog');
        expect(findings).toEqual([]);
      },
      telephone,
    );
    worker.disconnect();
  });

  test('the endpoints of the list are whole on a small notebook', () =>
    visit(
      browser,
      language,
      async (visitor, page) => {
        await visitor.signIn(aikagi);
        // Not "settled": the stream of events is open already, so that the network would be waited for in vain.
        const endpoint = shown(page, /^127\.\d+\.\d+\.\d+:6379$/);
        await eventually(async () => expect(await endpoint.count()).toBeGreaterThan(1));
        await picture(page, 'list at 1280');
        expect(await misfits(page)).toEqual([]);
        for (const cell of await endpoint.all()) {
          const box = await cell.boundingBox();
          expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(1280);
        }
      },
      { viewport: { width: 1280, height: 800 } },
    ));
});
