import { SignedOutError, UnreachableError } from './error';

/** Tells the app when a request found no session; set once, by the session's provider. */
let signedOut: () => void = () => {};
export function onSignedOut(tell: () => void): void {
  signedOut = tell;
}

/**
 * Fetches from this console's server only. Throws SignedOutError where there is no session
 * and UnreachableError where there is no answer.
 */
export async function request(path: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { credentials: 'same-origin', cache: 'no-store', ...init });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new UnreachableError(cause);
  }
  if (answer.status === 401) {
    signedOut();
    throw new SignedOutError();
  }
  return answer;
}

/** What is in an answer. Throws UnreachableError where it breaks off. */
export async function whole<T>(content: Promise<T>): Promise<T> {
  try {
    return await content;
  } catch (cause) {
    throw new UnreachableError(cause);
  }
}
