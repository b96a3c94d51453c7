import { type FocusEvent, useState } from 'react';

/** Tells that somebody reads what is inside: points at it, or has the focus there. */
export function useReading() {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  return {
    reading: pointed || focused,
    watch: {
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: ({ currentTarget, relatedTarget }: FocusEvent) => setFocused(currentTarget.contains(relatedTarget)),
    },
  };
}

/** The value as it was when the hold began. It has to be the same one in each render in which it did not change. */
export function useHeld<T>(value: T, hold: boolean): T {
  const [shown, setShown] = useState(value);
  if (!hold && shown !== value) setShown(value);
  return hold ? shown : value;
}
