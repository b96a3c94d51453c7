// What is wrong with how a page's text is laid out, measured in the browser.
import type { Page } from 'playwright-core';

/** What the functions below have in the page: its texts that can be seen. */
interface Measured extends Window {
  texts(): { node: Node; element: Element; text: string }[];
}

/** Texts that are cut off, or broken inside a Latin word, and how far the page is wider than the screen. */
export async function misfits(page: Page): Promise<string[]> {
  await page.evaluate(prepare);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  const found = [...(await page.evaluate(broken)), ...(await page.evaluate(cut))];
  return wider > 0 ? [`${wider} px wider than the screen`, ...new Set(found)] : [...new Set(found)];
}

function prepare(): void {
  // What only screen readers are told is a pixel wide, or clipped away.
  const unseen = (e: Element): boolean => {
    const { clip, clipPath, position, overflow } = getComputedStyle(e);
    const { width, height } = e.getBoundingClientRect();
    const tiny = position === 'absolute' && overflow === 'hidden' && Math.min(width, height) <= 1;
    return tiny || clip.startsWith('rect(') || clipPath.startsWith('inset(50');
  };
  const seen = (element: Element): boolean => {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    for (let e: Element | null = element; e; e = e.parentElement) if (unseen(e)) return false;
    return !/^(script|style|noscript|title)$/i.test(element.tagName);
  };
  (window as unknown as Measured).texts = () => {
    const all: ReturnType<Measured['texts']> = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const element = node.parentElement;
      const text = node.textContent ?? '';
      if (element && text.trim() && seen(element)) all.push({ node, element, text });
    }
    return all;
  };
}

function broken(): string[] {
  const range = document.createRange();
  const lines = () =>
    new Set([...range.getClientRects()].filter((r) => r.width > 0).map((r) => Math.round(r.top))).size;
  return (window as unknown as Measured).texts().flatMap(({ node, text }) =>
    [...text.matchAll(/[A-Za-z]{2,}/g)].flatMap((word) => {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      return lines() > 1 ? [`broken inside a word: ${word[0]} in "${text.trim().slice(0, 60)}"`] : [];
    }),
  );
}

/** What can be scrolled to is not cut off. */
function cut(): string[] {
  const range = document.createRange();
  const scrolls = (e: Element) => ['auto', 'scroll'].includes(getComputedStyle(e).overflowX);
  const isCut = (element: Element): boolean => {
    const { left, right } = range.getBoundingClientRect();
    for (let e: Element | null = element; e && e !== document.body && !scrolls(e); e = e.parentElement) {
      const box = e.getBoundingClientRect();
      const hides = getComputedStyle(e).overflowX !== 'visible';
      if (hides && (right > box.right + 1 || left < box.left - 1)) return true;
    }
    return false;
  };
  return (window as unknown as Measured).texts().flatMap(({ node, element, text }) => {
    range.selectNodeContents(node);
    return isCut(element) ? [`cut off: "${text.trim().slice(0, 60)}"`] : [];
  });
}
