import { useEffect, useRef } from 'react';

// Whoever opens the console begins at its top, with whatever the browser has chosen.
let opened = false;

// The browser goes back to where a page was scrolled to by itself.
let back = false;
window.addEventListener('popstate', () => {
  back = true;
});

/**
 * Takes the keyboard, and who listens to a screen reader, to the content of a page that was come to
 * by a link: the link is gone, and with it the place where they were.
 */
export function useArrival() {
  const content = useRef<HTMLElement>(null);
  useEffect(() => {
    const nowhere = document.activeElement === null || document.activeElement === document.body;
    if (opened && nowhere) content.current?.focus({ preventScroll: true });
    if (opened && !back) document.documentElement.scrollTop = 0;
    opened = true;
    back = false;
  }, []);
  return content;
}
