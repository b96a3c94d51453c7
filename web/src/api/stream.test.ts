// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Listener, listen } from './stream';

class FakeSource extends EventTarget {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  readyState = 0;
  constructor(readonly url: string) {
    super();
    FakeSource.all.push(this);
  }
  close() {
    this.readyState = FakeSource.CLOSED;
  }
  say(event: string, data: unknown) {
    this.dispatchEvent(new MessageEvent(event, { data: JSON.stringify(data) }));
  }
  break(readyState: number) {
    this.readyState = readyState;
    this.dispatchEvent(new Event('error'));
  }
}

const newest = () => FakeSource.all.at(-1) as FakeSource;
let heard: unknown[];
let stop: () => void;
let hidden = false;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('EventSource', FakeSource);
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
  FakeSource.all = [];
  heard = [];
  hidden = false;
  const listener: Listener = {
    opened: (version) => heard.push(`opened by ${version}`),
    changed: (changes) => heard.push(changes),
    sampled: (group) => heard.push(`sampled ${group}`),
    lost: () => heard.push('lost'),
    refused: () => heard.push('refused'),
  };
  stop = listen(listener);
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const turn = (now: boolean) => {
  hidden = now;
  document.dispatchEvent(new Event('visibilitychange'));
};

const nothing = {
  all: false,
  groups: [],
  clusters: [],
  securityGroups: [],
  parameterGroups: [],
  subnetGroups: [],
  events: false,
};

test('tells what it is told', () => {
  newest().say('hello', { version: 'v1' });
  newest().say('changed', { groups: ['a'], clusters: [] });
  newest().say('changed', { all: true, groups: [], clusters: [], events: true });
  newest().say('changed', { groups: [], clusters: [], security_groups: ['sg-1'] });
  newest().say('changed', { groups: [], clusters: [], parameter_groups: ['web'], subnet_groups: ['racks'] });
  newest().say('sampled', { group: 'a' });
  expect(heard).toEqual([
    'opened by v1',
    { ...nothing, groups: ['a'] },
    { ...nothing, all: true, events: true },
    { ...nothing, securityGroups: ['sg-1'] },
    { ...nothing, parameterGroups: ['web'], subnetGroups: ['racks'] },
    'sampled a',
  ]);
});

test('a broken connection is the browser’s to mend, a refused one is tried again', () => {
  newest().break(0);
  expect(heard).toEqual(['lost']);
  vi.advanceTimersByTime(5000);
  expect(FakeSource.all).toHaveLength(1);

  newest().break(FakeSource.CLOSED);
  expect(heard).toEqual(['lost', 'refused']);
  expect(FakeSource.all).toHaveLength(1);
  vi.advanceTimersByTime(1000);
  expect(FakeSource.all).toHaveLength(2);
});

test('a connection that is silent for long is given up', () => {
  vi.advanceTimersByTime(30_000);
  newest().say('alive', {});
  vi.advanceTimersByTime(30_000);
  expect(heard).toEqual([]);
  const silent = newest();
  vi.advanceTimersByTime(10_000);
  expect(heard).toEqual(['lost']);
  expect(silent.readyState).toBe(FakeSource.CLOSED);
  expect(newest()).not.toBe(silent);
});

test('a page that nobody sees holds no connection', () => {
  turn(true);
  expect(newest().readyState).toBe(FakeSource.CLOSED);
  turn(false);
  expect(FakeSource.all).toHaveLength(2);
  stop();
  expect(newest().readyState).toBe(FakeSource.CLOSED);
  turn(false);
  expect(FakeSource.all).toHaveLength(2);
});
