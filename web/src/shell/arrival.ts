import { useEffect, useRef } from 'react';

// Where the page that was shown last is, and whether it is another than the first: whoever opens
// the console begins at its top, with whatever the browser has chosen.
let at = window.location.pathname;
let moved = false;

// The browser goes back by itself to where a page was scrolled to.
let backTo = '';
window.addEventListener('popstate', () => {
  backTo = window.location.pathname;
});

/**
 * Takes the keyboard, and who listens to a screen reader, to the content of a page that was come to
 * by a link: the link is gone, and with it the place where they were.
 */
export function useArrival() {
  const content = useRef<HTMLElement>(null);
  useEffect(() => {
    const path = window.location.pathname;
    const arrived = path !== at;
    moved ||= arrived;
    const nowhere = document.activeElement === null || document.activeElement === document.body;
    if (moved && nowhere) content.current?.focus({ preventScroll: true });
    if (arrived && path !== backTo) document.documentElement.scrollTop = 0;
    if (arrived) backTo = '';
    at = path;
  }, []);
  return content;
}
