import type { Access, Client, CredentialUsage, Usage } from '../../../api/own';

/** A line of the table of credentials: a credential or, below it, one of its clients. */
export type AccessRow =
  | { key: string; kind: 'credential'; fingerprint: string; addedAt: Date | undefined; usage?: CredentialUsage }
  | { key: string; kind: 'client'; client: Client }
  | { key: string; kind: 'others'; client: Client }; // the sum of those that are not listed

/**
 * The credentials, those that are accepted first. Before the nodes were asked only those are known,
 * and not who uses them.
 */
export function credentialRows(access: Access | undefined, usage: Usage | undefined): AccessRow[] {
  if (!usage) {
    return (access?.Credentials ?? []).map(({ Fingerprint: fingerprint, AddedAt: addedAt }) => ({
      key: fingerprint,
      kind: 'credential',
      fingerprint,
      addedAt,
    }));
  }
  return usage.Credentials.map((of) => ({
    key: of.Fingerprint,
    kind: 'credential',
    fingerprint: of.Fingerprint,
    addedAt: of.AddedAt,
    usage: of,
  }));
}

/** The clients of a credential. */
export function clientRows(row: AccessRow): AccessRow[] {
  if (row.kind !== 'credential' || !row.usage) return [];
  const clients = row.usage.Clients.map((client): AccessRow => {
    const who = [client.Address, client.Name, client.Library, client.LibraryVersion].join('\0');
    return { key: `${row.key}\0${who}`, kind: 'client', client };
  });
  const others = row.usage.OtherClients;
  return others ? [...clients, { key: `${row.key}\0`, kind: 'others', client: others }] : clients;
}
