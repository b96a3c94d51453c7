/**
 * Takes the one-time code out of the address, so that it stays neither there nor in the
 * browser's history. Empty if there is none.
 */
export function takeCode(location: Location, history: History): string {
  const code = new URLSearchParams(location.hash.slice(1)).get('code') ?? '';
  if (code) history.replaceState(history.state, '', location.pathname + location.search);
  return code;
}
