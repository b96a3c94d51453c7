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
    requestAnimationFrame(() => setTimeout(() => (window.usefulAt = performance.now())));
  });
  seen.observe(document, { childList: true, subtree: true });
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
    await fresh.goto(console_);
    await fresh.waitForFunction(() => window.usefulAt);
    useful.push(await fresh.evaluate(() => window.usefulAt));
    paint.push(await fresh.evaluate(firstPaint));
    await context.close();
  }
  process.stdout.write(JSON.stringify({ paint, useful }));
} finally {
  await browser.close();
}
