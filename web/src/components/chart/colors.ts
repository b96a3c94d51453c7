import { categorical } from '../tokens';

/** The colour of the n-th line. */
export const colorOf = (n: number): string => categorical[n % categorical.length] ?? '';

/** The colour of a node goes by the number in its name: it stays while others come and go. */
export const colorOfNode = (id: string): string => colorOf(Math.max(0, Number(/\d+$/.exec(id)?.[0] ?? 1) - 1));
