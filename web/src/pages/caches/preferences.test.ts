import { expect, it } from 'vitest';
import { columnIds, readPreferences } from './preferences';

it('begins with twenty lines and all columns but the description', () => {
  for (const stored of [null, '{', 'null', '[]']) {
    const { pageSize, contentDisplay } = readPreferences(stored);
    expect(pageSize).toBe(20);
    expect(contentDisplay.filter(({ visible }) => !visible).map(({ id }) => id)).toEqual(['description']);
  }
});

it('keeps the order, and takes columns that came and went into account', () => {
  const stored = {
    pageSize: 100,
    contentDisplay: [
      { id: 'gone', visible: true },
      { id: 'status', visible: false },
      { id: 'id', visible: true },
    ],
  };
  const { pageSize, contentDisplay } = readPreferences(JSON.stringify(stored));
  expect(pageSize).toBe(100);
  expect(contentDisplay.slice(0, 2)).toEqual(stored.contentDisplay.slice(1));
  expect(contentDisplay.map(({ id }) => id).sort()).toEqual([...columnIds].sort());
});

it('shows no number of lines that cannot be chosen', () => {
  expect(readPreferences('{"pageSize":100000}').pageSize).toBe(20);
});
