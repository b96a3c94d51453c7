// The story of the project, by mouse, in both languages, on both engines: a running cache without
// a token gets one, with no outage, and nobody is locked out unseen.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { all } from '../src/i18n/all';
import { Aikagi } from './harness/aikagi';
import { launch } from './harness/browser';
import { cases } from './harness/cases';
import { connect, letsIn } from './harness/clients';
import { eventually } from './harness/eventually';
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

const noToken = 'There is no AUTH token to SET. Please rotate in an AUTH token first.';
const token = 'First-Key-0123456789-abcdef';

describe.each(cases)('in $language, with $engine', ({ language, text, engine }) => {
  const { common, modify } = text;
  const id = `story-${language}`;

  const choose = async (page: Page, strategy: 'ROTATE' | 'SET') => {
    await page.getByRole('radio', { name: modify.control.auth }).check();
    await page.getByRole('radio', { name: modify.strategies[strategy] }).check();
    await page.getByLabel(modify.token, { exact: true }).fill(token);
    await page.getByRole('button', { name: modify.preview }).click();
    await page.getByRole('heading', { level: 1, name: modify.review }).waitFor();
  };
  const submit = (page: Page) => page.getByRole('button', { name: common.modify, exact: true }).click();
  const available = (page: Page) =>
    page
      .getByText(common.status.available ?? '', { exact: true })
      .first()
      .waitFor();

  test('a token is introduced without an outage', async () => {
    const group = await aikagi.createGroup(id, { Engine: engine, NumCacheClusters: 2 });
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await page.getByRole('link', { name: id, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: id }).waitFor();
      await available(page);
      const worker = await connect(aikagi, group, 'worker-1');
      expect(await letsIn(aikagi, group, token)).toBe(false);

      // SET first: the service's own answer, and the way on.
      await page.getByRole('link', { name: common.modify, exact: true }).click();
      await choose(page, 'SET');
      await shown(page, noToken).waitFor();
      expect(await page.getByRole('button', { name: common.modify, exact: true }).isDisabled()).toBe(true);
      await page.getByRole('button', { name: modify.rotateFirst }).click();

      // ROTATE: the confirmation shows before and after, and that nobody is locked out.
      await shown(page, modify.nothingEnds).waitFor();
      await shown(page, modify.passwordlessStays).waitFor();
      const rows = page.getByRole('table', { name: modify.acceptance }).getByRole('row');
      await eventually(async () =>
        expect(await rows.filter({ hasText: modify.clients.none }).getByText(modify.accepted).count()).toBe(2),
      );
      expect(await visitor.accessibility()).toEqual([]);
      await submit(page);
      await page.getByRole('heading', { level: 1, name: id }).waitFor();
      await available(page);
      await shown(page, common.passwordless).first().waitFor();
      await eventually(async () => expect(await letsIn(aikagi, group, token)).toBe(true));
      expect(await letsIn(aikagi, group)).toBe(true);
      expect(await worker.ping()).toBe('PONG');

      // The list warns as well.
      await page.getByRole('link', { name: common.caches }).first().click();
      await shown(page, text.caches.passwordless(1)).waitFor();
      expect(await visitor.accessibility()).toEqual([]);
      await page.getByRole('link', { name: id, exact: true }).first().click();

      // SET: who would be locked out is named before, and is locked out afterwards.
      await page.getByRole('link', { name: common.modify, exact: true }).click();
      await choose(page, 'SET');
      const lockedOut = page.getByRole('table', { name: modify.lockedOut });
      await lockedOut.getByText('worker-1').waitFor();
      await shown(page, modify.wouldWarn).waitFor();
      await submit(page);
      await page.getByRole('heading', { level: 1, name: id }).waitFor();
      await available(page);
      await shown(page, common.passwordless).first().waitFor({ state: 'detached' });
      expect(await letsIn(aikagi, group, token)).toBe(true);
      await eventually(async () => expect(await letsIn(aikagi, group)).toBe(false));
      worker.disconnect();

      // No token lies anywhere in the browser.
      const kept = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]),
      );
      expect(kept).not.toContain(token);
      expect(aikagi.output()).not.toContain(token);
    });
  });

  test('the status goes from modifying to available by itself', async () => {
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      const seen: string[] = [];
      await page.exposeFunction('tell', (status: string) => seen.push(status));
      await page.evaluate(() => {
        const { tell } = window as unknown as { tell(line: string): void };
        const tellLines = () => {
          for (const line of document.querySelectorAll('tbody tr')) tell(line.textContent ?? '');
        };
        new MutationObserver(tellLines).observe(document.body, { childList: true, subtree: true, characterData: true });
      });
      const onItsWay = () => seen.some((line) => line.includes(common.status.creating ?? ''));
      // A group may be there before the page has asked for it: one of a few is seen on its way.
      for (let n = 0; n < 5 && !onItsWay(); n++) {
        const id = `live-${language}-${n}`;
        await aikagi.createGroup(id, { Engine: engine, NumCacheClusters: 6 });
        await page.getByRole('link', { name: id, exact: true }).waitFor();
        await eventually(async () => {
          expect(seen.findLast((line) => line.includes(id)) ?? '').toContain(common.status.available);
        });
      }
      expect(onItsWay()).toBe(true);
    });
  });
});

test('the words are those of the original’s console in Japanese', () => {
  expect(all.ja.modify.accessControl).toBe('アクセスコントロール');
  expect(all.ja.modify.control.auth).toBe('Redis 認証デフォルトユーザーアクセス');
  expect(all.ja.modify.strategy).toBe('Redis AUTH トークン戦略');
  expect(all.ja.modify.strategies.ROTATE).toBe('トークンをローテーション');
  expect(all.ja.modify.strategies.SET).toBe('トークンを設定');
  expect(all.ja.modify.token).toBe('Redis 認証トークン');
  expect(all.ja.common.status.modifying).toBe('変更中');
  expect(all.ja.common.status.available).toBe('使用可能');
});
