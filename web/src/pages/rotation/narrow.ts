import { useSyncExternalStore } from 'react';

const query = '(max-width: 992px)';
const media = () => window.matchMedia?.(query);

/** Whether there is no room for things side by side. */
export const useNarrow = () =>
  useSyncExternalStore(
    (changed) => {
      const list = media();
      list?.addEventListener('change', changed);
      return () => list?.removeEventListener('change', changed);
    },
    () => media()?.matches ?? false,
  );
