// Reading the XML of AWS's query protocol: a decoder says which fields an answer has and
// of what kind they are, and TypeScript derives the type from it. Those that a page does not use are left out of its
// scripts: to make a decoder has no side effects.

/** Reads one element, which is undefined where the answer has none. */
export type Decoder<T> = (element: Element | undefined) => T;

/** The type that a decoder gives. */
export type Decoded<D> = D extends Decoder<infer T> ? T : never;

export const text: Decoder<string> = (element) => element?.textContent ?? '';

/** A number; 0 where there is none. */
export const number: Decoder<number> = (element) => Number(element?.textContent ?? 0);

/** A number that may be missing, or unknown. */
export const maybeNumber: Decoder<number | undefined> = (element) =>
  element?.textContent ? Number(element.textContent) : undefined;

export const flag: Decoder<boolean> = (element) => element?.textContent === 'true';

export const time: Decoder<Date | undefined> = (element) =>
  element?.textContent ? new Date(element.textContent) : undefined;

/** A list, empty where the answer has none. */
/* @__NO_SIDE_EFFECTS__ */
export const list =
  <T>(item: Decoder<T>): Decoder<T[]> =>
  (element) =>
    element ? Array.from(element.children, (child) => item(child)) : [];

/** What may be absent as a whole. */
/* @__NO_SIDE_EFFECTS__ */
export const maybe =
  <T>(decoder: Decoder<T>): Decoder<T | undefined> =>
  (element) =>
    element ? decoder(element) : undefined;

/** An element with named children. */
/* @__NO_SIDE_EFFECTS__ */
export const object =
  <F extends Record<string, Decoder<unknown>>>(fields: F): Decoder<{ [K in keyof F]: Decoded<F[K]> }> =>
  (element) => {
    const children = new Map(Array.from(element?.children ?? [], (child) => [child.localName, child]));
    const entries = Object.entries(fields).map(([name, decode]) => [name, decode(children.get(name))]);
    return Object.fromEntries(entries) as { [K in keyof F]: Decoded<F[K]> };
  };

/** Parses an answer; one that is no XML (a proxy's page, say) is an error. */
export function parse(answer: string): Element {
  const root = new DOMParser().parseFromString(answer, 'text/xml').documentElement;
  if (root.localName === 'parsererror' || root.querySelector('parsererror')) {
    throw new Error('the answer is no XML');
  }
  return root;
}
