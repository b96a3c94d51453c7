import { expect, test } from 'vitest';
import { clusterTabs, groupTabs, nameOf, tabOf } from './tabs';

test('the address names the tab', () => {
  expect(tabOf(groupTabs, 'nodes')).toBe('nodes');
  expect(tabOf(clusterTabs, 'events')).toBe('events');
});

test('where the address names no tab that there is, the first is shown', () => {
  expect(tabOf(groupTabs, undefined)).toBe('overview');
  expect(tabOf(groupTabs, 'nonsense')).toBe('overview');
  expect(tabOf(clusterTabs, 'nodes')).toBe('overview'); // a group's
});

test('every tab finds itself by its name in the address', () => {
  for (const tab of groupTabs) expect(tabOf(groupTabs, nameOf(tab))).toBe(tab);
  expect(nameOf('overview')).toBeUndefined();
});
