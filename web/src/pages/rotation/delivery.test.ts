import { expect, it } from 'vitest';
import { deliveryOf, isComplete, noDelivery, targetOf } from './delivery';

it.each([
  'file:/run/app/token',
  'command:/usr/local/bin/push --env "eu prod"',
  'command:"/opt/my tools/push"',
  'command:"/opt/a \\"b\\"/push" x',
  'secretsmanager:app/cache',
  'secretsmanager:app/cache?region=eu-central-1&key=password&create=true&insecure=true',
])('reads back what it writes: %s', (target) => expect(targetOf(deliveryOf(target))).toBe(target));

it('escapes the options of a secret', () => {
  const d = { ...noDelivery, kind: 'secretsmanager' as const, secret: ' app ', key: 'a&b=c' };
  expect(targetOf(d)).toBe('secretsmanager:app?key=a%26b%3Dc');
});

it('wants what its kind cannot do without', () => {
  expect(isComplete({ ...noDelivery, secret: 'app' })).toBe(false);
  expect(isComplete({ ...noDelivery, kind: 'secretsmanager', secret: 'app' })).toBe(true);
});
