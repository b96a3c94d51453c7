import { codeOf } from '../../../api/error';

/** Why the service does not take a value, in its words; undefined: something else is wrong. */
export const refusalOf = (error: unknown): string | undefined =>
  codeOf(error).startsWith('InvalidParameter') ? (error as Error).message : undefined;
