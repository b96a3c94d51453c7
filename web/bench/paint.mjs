// Measures, in a real Chromium, how long the console takes to be of use.
//
//   node paint.mjs   reads {"link": …, "runs": …} from its standard input
//
// and prints {"paint": […], "useful": […]}: the milliseconds from the begin of the navigation to
// the first paint of anything, and to the first lines of the list, each with an empty cache.
import { text } from 'node:stream/consumers';
import { chromium } from 'playwright-core';

const { link, runs } = JSON.parse(await text(process.stdin));

const browser = await chromium.launch({
  executablePath: process.env.AIKAGI_CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
});

// The list is of use when its first line is on the screen: after the frame that draws it.
const watchForLines = () => {
  const line = 'tbody tr a[href^="/console/caches/"]';
  const seen = new MutationObserver(() => {
    if (!document.querySelector(line)) return;
    seen.disconnect();
    // biome-ignore lint/suspicious/noConsole: it costs the page nothing; a driver that waits runs its own scripts there
    requestAnimationFrame(() => setTimeout(() => console.debug('useful', performance.now())));
  });
  seen.observe(document, { childList: true, subtree: true });
};

// A new window loads pages of the browser's own, for a second of processor time. Whoever opens
// the console has had that window for a while: it is measured once the browser is at rest.
const atRest = async () => {
  const system = await browser.newBrowserCDPSession();
  const used = async () => {
    const { processInfo } = await system.send('SystemInfo.getProcessInfo');
    return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };
  for (let before = await used(), now; ; before = now) {
    await new Promise((over) => setTimeout(over, 200));
    now = await used();
    if (now - before < 0.01) break; // seconds
  }
  await system.detach();
};

const firstPaint = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;

try {
  const visitor = await browser.newContext();
  const page = await visitor.newPage();
  await page.goto(link);
  await page.waitForURL(/\/console\/$/);
  const storageState = await visitor.storageState();
  const console_ = page.url();
  await visitor.close();

  const paint = [];
  const useful = [];
  for (let run = 0; run < runs; run++) {
    const context = await browser.newContext({ storageState, locale: run % 2 ? 'ja-JP' : 'en-US' });
    const fresh = await context.newPage();
    await fresh.addInitScript(watchForLines);
    await atRest();
    const told = fresh.waitForEvent('console', (message) => message.text().startsWith('useful'));
    await fresh.goto(console_);
    useful.push(Number((await told).text().split(' ')[1]));
    paint.push(await fresh.evaluate(firstPaint));
    await context.close();
  }
  process.stdout.write(JSON.stringify({ paint, useful }));
} finally {
  await browser.close();
}
