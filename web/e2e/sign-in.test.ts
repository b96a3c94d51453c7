import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Aikagi } from './harness/aikagi';
import { launch } from './harness/browser';
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

const signInHeading = (page: Page) => page.getByRole('heading', { level: 1, name: /Sign in|サインイン/ });

describe('the one-time link', () => {
  test('signs in, and its code stays nowhere', () =>
    visit(browser, 'en', async (visitor, page) => {
      const link = await aikagi.link();
      await page.goto(link);
      await page.waitForURL(/\/console\/$/);
      await page.getByRole('heading', { level: 1, name: /Caches/ }).waitFor();

      const code = link.split('#code=')[1] ?? '';
      expect(code).not.toBe('');
      const kept = await page.evaluate(() =>
        JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
      );
      expect(kept).not.toContain(code);
      expect(aikagi.output()).not.toContain(code);
      expect(await readFile(join(aikagi.dir, 'audit.log'), 'utf8')).not.toContain(code);

      const [cookie] = await visitor.context.cookies();
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/console/' });
      expect(kept).not.toContain(cookie?.value);
      await page.goBack();
      expect(page.url()).not.toContain(code);
    }));

  test('works once', () =>
    visit(browser, 'en', async (_, page) => {
      const link = await aikagi.link();
      await page.goto(link);
      await page.getByRole('heading', { level: 1, name: /Caches/ }).waitFor();
      await visit(browser, 'en', async (_, other) => {
        await other.goto(link);
        await shown(other, 'This link has already been used').waitFor();
        expect(await signInHeading(other).isVisible()).toBe(true);
      });
    }));

  test('is refused when nobody made it', () =>
    visit(browser, 'ja', async (_, page) => {
      await page.goto(`${aikagi.url}/console/sign-in#code=guessed`);
      await shown(page, 'このリンクは使用済みか').waitFor();
    }));
});

describe('the access key', () => {
  const fill = async (page: Page, id: string, secret: string) => {
    await page.getByLabel(/Access key ID/).fill(id);
    await page.getByLabel(/Secret access key/).fill(secret);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };

  test('signs in without being sent', () =>
    visit(browser, 'en', async (_, page) => {
      const { id, secret } = await aikagi.accessKey();
      const sent: string[] = [];
      page.on('request', (request) =>
        sent.push(JSON.stringify([request.url(), request.headers(), request.postData()])),
      );
      await page.goto(`${aikagi.url}/console/`);
      await fill(page, id, secret);
      await page.getByRole('heading', { level: 1, name: /Caches/ }).waitFor();
      expect(sent.join()).toContain('CreateConsoleLink');
      expect(sent.join()).not.toContain(secret);
    }));

  test('is refused when it is wrong', () =>
    visit(browser, 'en', async (_, page) => {
      const { id } = await aikagi.accessKey();
      await page.goto(`${aikagi.url}/console/`);
      await fill(page, id, 'not-the-secret');
      await shown(page, 'The access key ID or the secret access key is wrong.').waitFor();
      await fill(page, '', '');
      await shown(page, 'Enter the secret access key.').waitFor();
    }));
});

describe('the session', () => {
  test('ends by signing out, in every tab', () =>
    visit(browser, 'en', async (visitor, page) => {
      await visitor.signIn(aikagi);
      const other = await visitor.context.newPage();
      await other.goto(`${aikagi.url}/console/`);
      await other.getByRole('heading', { level: 1, name: /Caches/ }).waitFor();
      await page.getByRole('button', { name: 'Session' }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await signInHeading(page).waitFor();
      await other.bringToFront();
      await signInHeading(other).waitFor();
    }));

  test('expires, says so, and goes on where it was', async () => {
    const brief = await Aikagi.start('--console-session', '15s'); // the page has to be there before it ends
    try {
      await visit(browser, 'en', async (visitor, page) => {
        await visitor.signIn(brief);
        await page.goto(`${brief.url}/console/create`);
        await shown(page, 'Your session has ended').waitFor();
        await expect(page.url()).toContain('/console/create');
        const { id, secret } = await brief.accessKey();
        await page.getByLabel(/Access key ID/).fill(id);
        await page.getByLabel(/Secret access key/).fill(secret);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await signInHeading(page).waitFor({ state: 'detached' });
        expect(page.url()).toContain('/console/create');
      });
    } finally {
      await brief.stop();
    }
  });

  test('outlives a restart of the server under an open page, which recovers by itself', async () => {
    const own = await Aikagi.start();
    try {
      await visit(browser, 'en', async (visitor, page) => {
        await visitor.signIn(own);
        await own.kill();
        await shown(page, 'aikagi is not responding').waitFor();
        await own.restart();
        await shown(page, 'aikagi is not responding').waitFor({ state: 'detached' });
        await own.createGroup('after');
        await eventually(async () => expect(await shown(page, 'after').count()).toBeGreaterThan(0));
      });
    } finally {
      await own.stop();
    }
  });
});
