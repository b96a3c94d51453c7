import { useSyncExternalStore } from 'react';

/** Whether the page is not wider than so many pixels. */
export function useNarrow(pixels: number): boolean {
  const media = () => window.matchMedia?.(`(max-width: ${pixels}px)`);
  return useSyncExternalStore(
    (changed) => {
      const list = media();
      list?.addEventListener('change', changed);
      return () => list?.removeEventListener('change', changed);
    },
    () => media()?.matches ?? false,
  );
}
