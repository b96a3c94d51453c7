import { once } from 'node:events';
import { createServer } from 'node:net';

/** So many ports of 127.0.0.1 in a row, below those that the system gives out, that nobody has now: "first-last". */
export async function freePorts(count: number): Promise<string> {
  for (let tries = 0; tries < 1000; tries++) {
    const first = 10_000 + Math.floor(Math.random() * 20_000);
    const ports = Array.from({ length: count }, (_, i) => first + i);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return `${first}-${first + count - 1}`;
  }
  throw new Error('no ports are free');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
