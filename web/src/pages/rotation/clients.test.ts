import { expect, it } from 'vitest';
import { firstFew, leftInPlaintext, leftOn, nameOf } from './clients';
import { client, later, rotation, transitWith, usageWith } from './testing';

it('keeps those that are connected, and those seen since the delivery', () => {
  const clients = [
    client({ Name: 'gone', LastSeen: later(1) }),
    client({ Name: 'now and then', LastSeen: later(10) }),
    client({ Name: 'pool', Connections: 3, LastSeen: later(2) }),
  ];
  const old = usageWith({ Clients: clients }).Credentials[0];
  const names = (r = rotation('waiting')) => leftOn(old, r).map((c) => c.Name);
  expect(names()).toEqual(['pool', 'now and then']);
  expect(names(rotation('waiting', { BrownoutAt: later(11) }))).toEqual(['pool']);
  expect(names(rotation('rotating'))).toEqual(['pool']);
});

it('does the same for plaintext, since TLS was offered', () => {
  const Clients = [
    client({ Name: 'gone', LastSeen: later(1) }),
    client({ Name: 'now and then', LastSeen: later(10) }),
    client({ Name: 'pool', Connections: 3, LastSeen: later(2) }),
  ];
  const names = (r: ReturnType<typeof rotation>) =>
    leftInPlaintext(transitWith({ Clients }).Plaintext, r).map((c) => c.Name);
  expect(names(rotation('awaiting-tls', { StateSince: later(3) }))).toEqual(['pool', 'now and then']);
  expect(names(rotation('offering-tls'))).toEqual(['pool']);
  expect(leftInPlaintext(undefined, rotation('awaiting-tls'))).toEqual([]);
});

it('sums up what is not shown', () => {
  const clients = [5, 4, 3].map((Connections) => client({ Connections, Refused: 1 }));
  expect(firstFew(clients, 3)).toEqual({ shown: clients });
  const others = client({ Connections: 10 });
  const { rest } = firstFew(clients, 1, others);
  expect(rest).toEqual({ clients: 2, connections: 17, refused: 2, more: true });
});

it('names clients', () => {
  const formerly = (names: string) => `was ${names}`;
  const at = { Address: '10.0.0.7', Library: 'redis-py', LibraryVersion: '5.0.1' };
  expect(nameOf(client({ ...at, Name: 'worker' }), formerly)).toBe('worker (10.0.0.7, redis-py 5.0.1)');
  expect(nameOf(client({ Address: '10.0.0.7', FormerNames: ['a', 'b'] }), formerly)).toBe('10.0.0.7 (was a, b)');
  expect(nameOf(client({ Address: '' }), formerly)).toBe('?');
});
