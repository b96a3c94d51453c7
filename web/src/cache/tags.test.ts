import { expect, test } from 'vitest';
import { changesOf, problemOf } from './tags';

const before = [
  { key: 'team', value: 'shop' },
  { key: 'stage', value: 'prod' },
  { key: 'note', value: '' },
];

test('only the difference is asked for', () => {
  const after = [
    { key: 'team', value: 'shop' },
    { key: 'stage', value: 'test' },
    { key: 'owner', value: 'me' },
  ];
  expect(changesOf(before, after)).toEqual({
    add: [
      { key: 'stage', value: 'test' },
      { key: 'owner', value: 'me' },
    ],
    remove: ['note'],
  });
});

test('nothing changed, nothing asked for', () => {
  expect(changesOf(before, [...before].reverse())).toEqual({ add: [], remove: [] });
});

test('a new tag with an empty value is added', () => {
  expect(changesOf([], [{ key: 'flag', value: '' }]).add).toEqual([{ key: 'flag', value: '' }]);
});

test('rows without a key and with the key of a row before are wrong', () => {
  const rows = [
    { key: 'a', value: '1' },
    { key: '', value: '2' },
    { key: 'a', value: '3' },
  ];
  expect(rows.map((_, i) => problemOf(rows, i))).toEqual([undefined, 'missing', 'double']);
});
