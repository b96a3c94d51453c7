import { applyMode, Mode } from '@cloudscape-design/global-styles';
import { useEffect, useState } from 'react';

export const appearances = ['system', 'light', 'dark'] as const;
export type Appearance = (typeof appearances)[number];

const storageKey = 'aikagi-appearance';
const prefersDark = () => window.matchMedia('(prefers-color-scheme: dark)');

const stored = (): Appearance => appearances.find((a) => a === localStorage.getItem(storageKey)) ?? 'system';

function show(appearance: Appearance): void {
  const dark = appearance === 'dark' || (appearance === 'system' && prefersDark().matches);
  applyMode(dark ? Mode.Dark : Mode.Light);
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
}

/** Before the first paint, so that nothing flashes. */
export const showStoredAppearance = () => show(stored());

export function useAppearance(): [Appearance, (appearance: Appearance) => void] {
  const [appearance, setAppearance] = useState(stored);
  useEffect(() => {
    localStorage.setItem(storageKey, appearance);
    show(appearance);
    const follow = () => show(appearance);
    const media = prefersDark();
    media.addEventListener('change', follow);
    return () => media.removeEventListener('change', follow);
  }, [appearance]);
  return [appearance, setAppearance];
}
