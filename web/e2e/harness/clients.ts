// Real clients of a group.
import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { Redis } from 'ioredis';
import type { Aikagi, Group } from './aikagi';

/** Connects by TLS, with a token or without, under a name. The caller disconnects it. */
export const connect = (aikagi: Aikagi, group: Group, name: string, token?: string): Promise<Redis> =>
  enter(aikagi, group, name, { token });

/** The same without a token, from one of this machine's addresses. */
export const connectFrom = (aikagi: Aikagi, group: Group, localAddress: string): Promise<Redis> =>
  enter(aikagi, group, 'guest', { localAddress });

/** The same without TLS. */
export const connectInPlaintext = (aikagi: Aikagi, group: Group, name: string): Promise<Redis> =>
  enter(aikagi, group, name, { plaintext: true });

interface As {
  token?: string;
  localAddress?: string;
  plaintext?: boolean;
}

async function enter(aikagi: Aikagi, group: Group, name: string, as: As): Promise<Redis> {
  const { token, localAddress, plaintext } = as;
  const ca = await readFile(aikagi.caFile());
  const client = new Redis({
    host: group.host,
    port: group.port,
    ...(!plaintext && { tls: { ca, localAddress } as ConnectionOptions & { localAddress?: string } }),
    ...(token && { password: token }),
    connectionName: name,
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  client.on('error', () => {}); // what is wrong comes back from the command
  await client.connect();
  await client.ping();
  return client;
}

/** Whether a client gets in and may write, by a connection of its own. */
export async function letsIn(aikagi: Aikagi, group: Group, token?: string): Promise<boolean> {
  try {
    const client = await connect(aikagi, group, 'probe', token);
    await client.set('story', 'told');
    client.disconnect();
    return true;
  } catch (error) {
    if (/NOAUTH|WRONGPASS|closed/.test(String(error))) return false;
    throw error;
  }
}
