// A real Chromium, and what a test asks of its pages.
import { existsSync } from 'node:fs';
import AxeBuilder from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import type { Aikagi } from './aikagi';
import { atRest } from './settled';

const candidates = [
  process.env.AIKAGI_CHROMIUM ?? '',
  '/usr/bin/chromium-headless-shell', // the same without windows, for two thirds of the processor time
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

export async function launch(): Promise<Browser> {
  const executablePath = candidates.find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('no Chromium: apt-get install chromium-headless-shell, or set AIKAGI_CHROMIUM');
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox', // Chromium refuses to run as root with it
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking', // tests ask nobody but aikagi
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export const locales = { en: 'en-US', ja: 'ja-JP' } as const;
export type Language = keyof typeof locales;

/** A fresh profile. Requests to anybody but aikagi, and errors on the page, fail the test that checks them. */
export class Visitor {
  readonly faults: string[] = [];
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async arrive(
    browser: Browser,
    language: Language = 'en',
    options: BrowserContextOptions = {},
  ): Promise<Visitor> {
    const context = await browser.newContext({
      locale: locales[language],
      viewport: { width: 1280, height: 900 },
      reducedMotion: 'reduce', // what moves is drawn many times, and waited for
      ...options,
    });
    context.setDefaultTimeout(240_000); // only ends what hangs, before the test ends: a busy machine takes its time
    const visitor = new Visitor(context, await context.newPage());
    visitor.watch();
    return visitor;
  }

  private watch(): void {
    this.page.on('pageerror', (error) => this.faults.push(`error: ${error.message}`));
    this.page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) this.faults.push(`policy: ${message.text()}`);
    });
    this.page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && !hostname.startsWith('127.')) this.faults.push(`request to ${hostname}`);
    });
  }

  async signIn(aikagi: Aikagi): Promise<Page> {
    await this.page.goto(await aikagi.link());
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    await this.page.waitForURL(/console\/$/);
    return this.page;
  }

  /** The serious findings of axe on the page as it is, or on a part of it: a hundred rows take it seconds. */
  async accessibility(part = 'html'): Promise<string[]> {
    await atRest(this.page); // a colour on its way to another one is neither
    // By the debugger, not by a <script>: the page's policy allows none but its own.
    if (!(await this.page.evaluate(() => 'axe' in window))) await this.page.evaluate(AxeBuilder.source);
    const found = await this.page.evaluate(async (part) => {
      const { axe } = window as unknown as { axe: typeof AxeBuilder };
      axe.configure({ noHtml: true }); // what is found is told by its place
      return axe.run(part, { resultTypes: ['violations'], preload: false });
    }, part);
    return found.violations
      .filter((v) => v.impact === 'serious' || v.impact === 'critical')
      .map((v) => `${v.id}: ${v.help} (${v.nodes.length} times: ${v.nodes[0]?.target.join(' ')})`);
  }

  leave = (): Promise<void> => this.context.close();
}
