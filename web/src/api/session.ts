import { UnreachableError } from './error';

export interface Session {
  caller: string;
  expiresAt: string;
  region: string;
  account: string;
  version: string;
  engines: { engine: string; version: string }[];
}

const path = '/console/session';

declare global {
  interface Window {
    aikagiSession?: Promise<Response>; // public/early.js
  }
}

/** What was asked before this script was there; once. */
function takeEarly(): Promise<Response> | undefined {
  const early = window.aikagiSession;
  delete window.aikagiSession;
  return early;
}

/** The session of this browser, or null. */
export async function currentSession(): Promise<Session | null> {
  let answer: Response;
  try {
    answer = await (takeEarly() ?? fetch(path, { cache: 'no-store' }));
  } catch (cause) {
    throw new UnreachableError(cause);
  }
  if (answer.status === 401) return null;
  if (!answer.ok) throw new UnreachableError(answer.status);
  return answer.json();
}

/** Why a sign-in was refused; each has its own words on the page. */
export type SignInRefusal = 'code' | 'key' | 'clock' | 'tries' | 'unreachable';

export class SignInError extends Error {
  constructor(readonly refusal: SignInRefusal) {
    super(`sign-in refused: ${refusal}`);
  }
}

/** Redeems a one-time code. The session comes as a cookie that no script can read. */
export async function signInWithCode(code: string): Promise<void> {
  let answer: Response;
  try {
    answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
  } catch {
    throw new SignInError('unreachable');
  }
  if (answer.status === 403) throw new SignInError('code');
  if (answer.status === 429) throw new SignInError('tries');
  if (!answer.ok) throw new SignInError('unreachable');
}

export async function signOut(): Promise<void> {
  const answer = await fetch(path, { method: 'DELETE', headers: { 'content-type': 'application/json' } });
  if (!answer.ok && answer.status !== 401) throw new UnreachableError(answer.status);
}
