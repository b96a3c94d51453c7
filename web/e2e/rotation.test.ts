// The guided rotation, by mouse, in both languages, on both engines, with real clients that hold the
// old token: who is left is seen, the token ends when nobody needs it, and comes back when somebody did.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { en } from '../src/i18n/en';
import { ja } from '../src/i18n/ja';
import { Aikagi, type Group } from './harness/aikagi';
import { launch } from './harness/browser';
import { connect, letsIn } from './harness/clients';
import { eventually } from './harness/eventually';
import { figure } from './harness/figure';
import { shown } from './harness/shown';
import { visit } from './harness/visit';

let browser: Browser;
let aikagi: Aikagi;
let folder: string; // where tokens may be delivered to
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aikagi-tokens-'));
  [browser, aikagi] = await Promise.all([launch(), Aikagi.start('--delivery-files', folder)]);
});
afterAll(async () => {
  await browser?.close();
  await aikagi?.stop();
  await rm(folder, { recursive: true, force: true });
});

const cases = [
  { language: 'en', text: en, engine: 'valkey', finish: 'quiet', back: 'client' },
  { language: 'ja', text: ja, engine: 'redis', finish: 'ask', back: 'owner' },
] as const;

const old = 'Yesterdays-Key-0123456789';

describe.each(cases)('in $language, with $engine', ({ language, text, engine, finish, back }) => {
  const { rotation } = text;
  const { how, actions, confirm, figures } = rotation;

  const createGroup = (id: string) => aikagi.createGroup(`${id}-${language}`, { Engine: engine, AuthToken: old });
  const fileOf = (group: Group) => join(folder, group.id);
  const delivered = async (group: Group) => (await readFile(fileOf(group), 'utf8')).trim();

  const open = async (page: Page, { id }: Group) => {
    await page.getByRole('link', { name: id, exact: true }).click();
    await page.getByRole('link', { name: text.group.rotate, exact: true }).click();
    await page.getByRole('heading', { level: 1, name: rotation.heading(id) }).waitFor();
  };
  const fill = (page: Page, label: string, value: string) => page.getByLabel(label, { exact: true }).fill(value);
  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

  /** Asks for a rotation whose token is delivered to a file. */
  const start = async (page: Page, path: string, rule: 'quiet' | 'ask', grace: string) => {
    await page.getByRole('radio', { name: how.kinds.file }).check();
    await fill(page, how.path, path);
    await page.getByRole('radio', { name: how.finishes[rule] }).check();
    if (rule === 'quiet') await fill(page, how.quiet, '1s');
    await fill(page, how.grace, grace);
    await press(page, how.start);
  };
  const reached = (page: Page, state: keyof typeof rotation.state) =>
    page.getByRole('heading', { level: 2, name: rotation.state[state], exact: true }).waitFor();
  /** What is accepted, each with the time since when. */
  const credentials = (page: Page) =>
    page.locator('dd').filter({ hasText: new RegExp(rotation.credentials.added('.')) });
  /** The one token that is accepted, as it is called in a sentence. */
  const only = async (page: Page) =>
    rotation.credential((await credentials(page).textContent())?.match(/[0-9a-f]{12}/)?.[0] ?? '');
  const confirmed = async (page: Page, action: 'finish' | 'rollBack', consequence: string) => {
    await press(page, actions[action]);
    const dialog = page.getByRole('dialog', { name: confirm[`${action}Title`] });
    await shown(dialog, consequence).waitFor();
    await dialog.getByRole('button', { name: actions[action], exact: true }).click();
  };

  test('a client moves, and the old token ends', async () => {
    const group = await createGroup('moves');
    const worker = await connect(aikagi, group, 'worker-1', old);
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      const states = await titles(page);
      await open(page, group);
      await start(page, fileOf(group), finish, '5s');

      await reached(page, 'waiting');
      await figure(page, figures.old, '1');
      await figure(page, figures.fresh, '0');
      await page.getByRole('table', { name: rotation.clients.title }).getByText('worker-1').waitFor();
      await eventually(async () => expect(await credentials(page).count()).toBe(2));
      expect(await visitor.accessibility()).toEqual([]);
      const made = await delivered(group);
      expect(await page.content()).not.toContain(made);

      const moved = await connect(aikagi, group, 'worker-1', made);
      await figure(page, figures.fresh, '1');
      worker.disconnect();
      if (finish === 'ask') {
        await figure(page, figures.old, '0');
        await confirmed(page, 'finish', confirm.finishFree);
      }
      await reached(page, 'done');
      expect(states.some((title) => title.startsWith(`${rotation.state.watching} – ${group.id}`))).toBe(true);
      await eventually(async () => expect(await credentials(page).count()).toBe(1));
      await page.getByRole('button', { name: rotation.done.again }).waitFor();
      expect(await visitor.accessibility()).toEqual([]);

      expect(await moved.ping()).toBe('PONG');
      expect(await letsIn(aikagi, group, old)).toBe(false);
      expect(await letsIn(aikagi, group, made)).toBe(true);
      moved.disconnect();
      const seen = (await page.content()) + aikagi.output();
      for (const secret of [old, made]) expect(seen).not.toContain(secret);
    });
  });

  test('the old token comes back when it is needed', async () => {
    const group = await createGroup('back');
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await open(page, group);
      const before = await only(page);
      await start(page, fileOf(group), 'quiet', '5m');
      await reached(page, 'watching');
      if (back === 'client') expect(await letsIn(aikagi, group, old)).toBe(false);
      else await confirmed(page, 'rollBack', confirm.rollBack(before, await only(page)));

      await reached(page, 'rolled-back');
      if (back === 'client') await shown(page, rotation.culprits.rolledBack).waitFor();
      await eventually(async () => expect(await credentials(page).count()).toBe(2));
      await page.getByRole('button', { name: rotation.done.finishLater }).waitFor();
      for (const token of [old, await delivered(group)]) expect(await letsIn(aikagi, group, token)).toBe(true);
    });
  });

  test('a refused start says why, and keeps what was entered', async () => {
    const group = await createGroup('refused');
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await open(page, group);
      const path = join(tmpdir(), 'elsewhere', 'token');
      // It then waits to be asked: a state that ends by itself might be over before a busy browser shows it.
      await start(page, path, 'ask', '7s');
      await shown(page, `Delivery to ${dirname(path)} is not allowed`).waitFor();
      expect(await page.getByLabel(how.path, { exact: true }).inputValue()).toBe(path);
      expect(await page.getByLabel(how.grace, { exact: true }).inputValue()).toBe('7s');
      await eventually(async () => expect(await credentials(page).count()).toBe(1));
      expect(await visitor.accessibility()).toEqual([]);

      // And goes on from there.
      await fill(page, how.path, fileOf(group));
      await press(page, how.start);
      await reached(page, 'waiting');
    });
  });
});

/** All titles that the page has from now on: states that are short are seen here. */
async function titles(page: Page): Promise<string[]> {
  const seen: string[] = [];
  await page.exposeFunction('tellTitle', (title: string) => seen.push(title));
  await page.evaluate(() => {
    const { tellTitle } = window as unknown as { tellTitle(title: string): void };
    new MutationObserver(() => tellTitle(document.title)).observe(document.head, {
      childList: true,
      subtree: true,
      characterData: true,
    });
  });
  return seen;
}
