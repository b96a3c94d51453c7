import { describe, expect, it } from 'vitest';
import { clients, readToken, snippet, type Target } from './snippets';

const plain: Target = { host: '10.0.0.1', port: 6379, tls: false, token: false };
const safe: Target = { host: 'shop.cache.local', port: 6380, tls: true, token: true };

describe('commands', () => {
  it('are short', () => {
    expect(snippet('redis-cli', plain)).toBe('redis-cli -h 10.0.0.1 -p 6379');
    expect(snippet('valkey-cli', safe)).toBe('valkey-cli --tls --cacert "$AIKAGI_CA" -h shop.cache.local -p 6380');
  });

  it('read the token without showing it', () => {
    expect(readToken('redis-cli')).toBe('read -rs REDISCLI_AUTH && export REDISCLI_AUTH');
    expect(readToken('go')).toBe('read -rs AUTH_TOKEN && export AUTH_TOKEN');
  });
});

it('is a program with all that a cache asks for', () => {
  expect(Object.fromEntries(clients.map((client) => [client, snippet(client, safe)]))).toMatchSnapshot();
});

it('is a program with no more than a cache asks for', () => {
  expect(Object.fromEntries(clients.map((client) => [client, snippet(client, plain)]))).toMatchSnapshot();
});

describe.each(clients)('%s', (client) => {
  it('names the endpoint', () => {
    expect(snippet(client, safe)).toContain('shop.cache.local');
    expect(snippet(client, safe)).toContain('6380');
  });

  it('speaks of TLS and tokens only where there are any', () => {
    const code = snippet(client, plain);
    expect(code).not.toMatch(/AIKAGI_CA|AUTH|tls|ssl|password/i);
    expect(snippet(client, safe)).toContain('AIKAGI_CA');
  });
});
