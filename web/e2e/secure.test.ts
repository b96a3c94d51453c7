// The road from an open cache to one that asks for a token, by mouse, in both languages, on both engines: clients come from plaintext to
// TLS, and then to the token, while the page shows who is left.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Aikagi } from './harness/aikagi';
import { launch } from './harness/browser';
import { cases } from './harness/cases';
import { connect, connectInPlaintext, letsIn } from './harness/clients';
import { eventually } from './harness/eventually';
import { figure } from './harness/figure';
import { shown } from './harness/shown';
import { visit } from './harness/visit';

let browser: Browser;
let aikagi: Aikagi;
let folder: string; // of tokens
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aikagi-tokens-'));
  [browser, aikagi] = await Promise.all([launch(), Aikagi.start('--delivery-files', folder)]);
});
afterAll(async () => {
  await browser?.close();
  await aikagi?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe.each(cases)('in $language, with $engine', ({ language, text, engine }) => {
  const { rotation } = text;
  const { secure, how, actions, confirm } = rotation;
  const id = `open-${language}`;

  const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
  const reached = (page: Page, state: keyof typeof rotation.state) =>
    page.getByRole('heading', { level: 2, name: rotation.state[state], exact: true }).waitFor();
  const left = (page: Page, title: string) => page.getByRole('table', { name: title }).getByText('worker-1');
  /** No connections are counted; who came before is named for as long as he may come again. */
  const none = (page: Page, label: string) => figure(page, label, '0');
  /** Ends the wait, once nobody is left whom that would lock out. */
  const finish = async (page: Page, title: string, nobodyLeft: string) => {
    const dialog = page.getByRole('dialog', { name: title });
    await press(page, actions.finish);
    await shown(dialog, nobodyLeft).waitFor();
    await dialog.getByRole('button', { name: actions.finish, exact: true }).click();
  };

  test('an open cache comes to TLS and a token', async () => {
    const file = join(folder, id);
    const group = await aikagi.createGroup(id, {
      Engine: engine,
      NumCacheClusters: 2,
      TransitEncryptionEnabled: false,
    });
    const before = await connectInPlaintext(aikagi, group, 'worker-1');
    await visit(browser, language, async (visitor, page) => {
      await visitor.signIn(aikagi);
      await page.getByRole('link', { name: id, exact: true }).click();
      await page.getByRole('link', { name: text.group.secure, exact: true }).click();
      await page.getByRole('heading', { level: 1, name: secure.heading(id) }).waitFor();
      await shown(page, secure.first.title).waitFor();
      await page.getByRole('radio', { name: how.kinds.file }).check();
      await page.getByLabel(how.path, { exact: true }).fill(file);
      await page.getByRole('radio', { name: how.finishes.ask }).check();
      await page.getByLabel(how.grace, { exact: true }).fill('1s');
      expect(await visitor.accessibility()).toEqual([]);
      await press(page, secure.start);

      // TLS works beside plaintext, whose client is shown until it has gone.
      await reached(page, 'awaiting-tls');
      await left(page, secure.clients.title).waitFor();
      expect(await before.ping()).toBe('PONG');
      const encrypted = await connect(aikagi, group, 'worker-1');
      before.disconnect();
      await none(page, secure.figures.plaintext);
      expect(await visitor.accessibility()).toEqual([]);
      await finish(page, secure.confirm.finishTitle, secure.confirm.finishFree);

      // A token works beside none; who has none is shown.
      await reached(page, 'waiting');
      await expect(connectInPlaintext(aikagi, group, 'late')).rejects.toThrow();
      await left(page, rotation.clients.title).waitFor();
      expect(await encrypted.ping()).toBe('PONG');
      const token = (await readFile(file, 'utf8')).trim();
      const after = await connect(aikagi, group, 'worker-1', token);
      encrypted.disconnect();
      await none(page, rotation.figures.old);
      await finish(page, confirm.finishTitle, confirm.finishFree);
      await reached(page, 'done');
      expect(await after.ping()).toBe('PONG');
      after.disconnect();
      expect(await letsIn(aikagi, group, token)).toBe(true);
      await eventually(async () => expect(await letsIn(aikagi, group)).toBe(false));
      expect(await page.content()).not.toContain(token);
      expect(aikagi.output()).not.toContain(token);
    });
  });
});
