// Every page, as everybody may meet it: with a screen reader, at night, on a telephone.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Aikagi } from './harness/aikagi';
import { launch } from './harness/browser';
import { go } from './harness/settled';
import { visit } from './harness/visit';

let browser: Browser;
let aikagi: Aikagi;
beforeAll(async () => {
  [browser, aikagi] = await Promise.all([launch(), Aikagi.start()]);
  await aikagi.createGroup('orders', { NumCacheClusters: 2 });
  await aikagi.command('security-group', 'create', 'web', '--allow', '10.1.0.0/16');
  await aikagi.changeToken('orders', 'ROTATE', 'First-Key-0123456789');
});
afterAll(async () => {
  await browser?.close();
  await aikagi?.stop();
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
  'modify/orders?strategy=SET',
  'rotation/orders',
  'caches/nobody',
  'nowhere',
];

const narrow = { viewport: { width: 360, height: 740 } };
const dark = { colorScheme: 'dark' } as const;
const main = ['', 'caches/orders', 'modify/orders?strategy=SET', 'rotation/orders'];

// All pages where most can go wrong, and the main ones in the other combinations.
const cases = [
  { name: 'wide, light, English', language: 'en', options: {}, pages },
  { name: 'narrow, dark, Japanese', language: 'ja', options: { ...narrow, ...dark }, pages },
  { name: 'wide, dark, Japanese', language: 'ja', options: dark, pages: main },
  { name: 'narrow, light, English', language: 'en', options: narrow, pages: main },
] as const;

describe.each(cases)('$name', ({ language, options, pages }) => {
  test('the pages are sound', async () => {
    await visit(
      browser,
      language,
      async (visitor, page) => {
        await visitor.signIn(aikagi);
        const findings: string[] = [];
        for (const path of pages) {
          await go(page, path);
          const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          if (wider > 0) findings.push(`${path || 'list'}: ${wider} px wider than the screen`);
          for (const finding of await visitor.accessibility()) findings.push(`${path || 'list'}: ${finding}`);
          const headings = await page.getByRole('heading', { level: 1 }).count();
          if (headings > 1) findings.push(`${path || 'list'}: ${headings} headings of level 1`);
        }
        expect(findings).toEqual([]);
      },
      options,
    );
  });
});

test('the keyboard is enough to get to a group and to change its token', async () => {
  await visit(browser, 'en', async (visitor, page) => {
    await visitor.signIn(aikagi);
    const reach = async (name: RegExp) => {
      for (let i = 0; i < 80; i++) {
        await page.keyboard.press('Tab');
        const focused = await page.evaluate(() => {
          const e = document.activeElement as HTMLElement | null;
          return e?.getAttribute('aria-label') || e?.textContent || (e as HTMLInputElement)?.value || '';
        });
        if (name.test(focused)) return;
      }
      throw new Error(`${name} cannot be reached`);
    };
    await page.getByRole('link', { name: 'orders', exact: true }).first().waitFor();
    await reach(/^orders$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'orders' }).waitFor();
    await reach(/^Modify$/);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /Modify orders/ }).waitFor();
  });
});
