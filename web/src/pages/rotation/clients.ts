// Who is left on the old credential, or in plaintext.
import type { Client, CredentialUsage, PlaintextUse, Rotation } from '../../api/own';

/** The clients that hold a rotation up, or would: connected now, or seen since it began to wait. */
export function leftOn(old: CredentialUsage | undefined, r: Rotation): Client[] {
  const since = Math.max(0, ...[r.DeliveredAt, r.BrownoutAt, r.SetAt].map((t) => (t ? +t : 0)));
  return stillThere(old?.Clients, since);
}

/** The same of those that connect without TLS. */
export const leftInPlaintext = (plaintext: PlaintextUse | undefined, r: Rotation): Client[] =>
  stillThere(plaintext?.Clients, r.State === 'awaiting-tls' ? Number(r.StateSince ?? 0) : 0);

/** Since 0: only those that are connected. */
function stillThere(clients: Client[] = [], since: number): Client[] {
  const seen = (c: Client) => since > 0 && c.LastSeen !== undefined && +c.LastSeen > since;
  return mostFirst(clients.filter((c) => c.Connections > 0 || seen(c)));
}

export const mostFirst = (clients: Client[]): Client[] =>
  [...clients].sort((a, b) => b.Connections - a.Connections || b.Refused - a.Refused || time(b) - time(a));

const time = (c: Client) => (c.LastSeen ? +c.LastSeen : 0);

/** The first few, and the sum of the others, with those that the service summed up itself. */
export function firstFew(
  clients: Client[],
  most: number,
  others?: Client,
): { shown: Client[]; rest?: { clients: number; connections: number; refused: number; more: boolean } } {
  const shown = clients.slice(0, most);
  const cut = clients.slice(most);
  if (cut.length === 0 && !others) return { shown };
  const sum = (of: (c: Client) => number) => [...cut, ...(others ? [others] : [])].reduce((n, c) => n + of(c), 0);
  return {
    shown,
    rest: {
      clients: cut.length,
      connections: sum((c) => c.Connections),
      refused: sum((c) => c.Refused),
      more: Boolean(others), // there are more than were counted
    },
  };
}

/** A client in a sentence: worker-3 (10.0.0.7, redis-py 5.0.1). */
export function nameOf(c: Client, formerly: (names: string) => string): string {
  const about = [c.Address, `${c.Library} ${c.LibraryVersion}`.trim()].filter(Boolean).join(', ');
  if (c.Name) return about ? `${c.Name} (${about})` : c.Name;
  if (c.FormerNames.length > 0) return `${about} (${formerly(c.FormerNames.join(', '))})`;
  return about || '?';
}
