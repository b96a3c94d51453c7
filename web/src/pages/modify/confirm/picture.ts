// What a token change means for each way into a group, read out of the service's preview.
import type { TokenPreview } from '../../../api/own';

export const none = 'NONE';

/** What becomes of a credential. */
export type Fate = 'stays' | 'ends' | 'added' | 'refused'; // refused: before and after

export interface Way {
  credential: string; // a fingerprint, or NONE
  standing: 'none' | 'old' | 'new' | 'only'; // only: there is no other credential
  before: boolean; // accepted
  after: boolean;
  fate: Fate;
}

/** Every credential of both sets, oldest first, after the absence of one, which clients always can try. */
export function waysOf({ Before, After, ...preview }: TokenPreview): Way[] {
  const before = Before.map((c) => c.Fingerprint);
  const refused = After.length === 0; // there is no such set: all stays as it is
  const after = refused ? before : After.map((c) => c.Fingerprint);
  const tokens = [...new Set([...before, ...after])].filter((credential) => credential !== none);
  const way = (credential: string, standing: Way['standing'], was: boolean, is: boolean): Way => ({
    credential,
    standing,
    before: was,
    after: is,
    fate: fateOf(was, is),
  });
  const passwordlessAfter = refused ? preview.PasswordlessBefore : preview.PasswordlessAfter;
  return [
    way(none, 'none', preview.PasswordlessBefore, passwordlessAfter),
    ...tokens.map((credential, i) => {
      const was = before.includes(credential);
      return way(credential, standingOf(i, tokens.length, !was || before.length > 1), was, after.includes(credential));
    }),
  ];
}

function standingOf(i: number, of: number, newer: boolean): Way['standing'] {
  if (i < of - 1) return 'old';
  return newer ? 'new' : 'only';
}

function fateOf(before: boolean, after: boolean): Fate {
  if (before) return after ? 'stays' : 'ends';
  return after ? 'added' : 'refused';
}

/** Whether the service says that there is nothing to SET, which a ROTATE of the same token mends. */
export const wantsRotateFirst = (strategy: string, { Refusal, Before, After }: TokenPreview): boolean =>
  strategy === 'SET' && Refusal !== undefined && After.length === 0 && Before.every((c) => c.Fingerprint === none);

export type Impact = 'nothing-ends' | 'nobody' | 'somebody' | 'unknown';

/** Whom a change would lock out. Unknown: nobody is known, but not every node could be asked. */
export function impactOf(preview: TokenPreview): Impact {
  if (!preview.Ends) return 'nothing-ends';
  if (preview.InUse || preview.LockedOut.length > 0 || preview.OtherClients) return 'somebody';
  return preview.UsageComplete ? 'nobody' : 'unknown';
}

/** Whether two previews promise the same, but for who it is that uses what ends, and how much. */
export function sameOutcome(a: TokenPreview, b: TokenPreview): boolean {
  const outcome = (preview: TokenPreview) =>
    JSON.stringify([
      preview.Before.map((c) => c.Fingerprint),
      preview.After.map((c) => c.Fingerprint),
      preview.Ends,
      preview.Refusal?.Code,
      impactOf(preview),
    ]);
  return outcome(a) === outcome(b);
}
