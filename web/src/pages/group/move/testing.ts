// Moves for the tests of this folder.
import type { CacheMove, Move, PlaceClient } from '../../../api/own';

const start = Date.parse('2026-11-23T12:00:00Z');
/** A time, seconds after the move's start. */
export const later = (seconds: number) => new Date(start + seconds * 1000);

export const openMove = (more: Partial<Move> = {}): Move => ({
  FromPlan: 'loopback',
  ToPlan: 'host',
  State: 'open',
  Back: false,
  StartedAt: later(0),
  OpenedAt: later(1),
  CloseAt: undefined,
  ...more,
});

/** A cache by its plan alone. */
export const resting = (more: Partial<CacheMove> = {}): CacheMove => ({
  CacheId: 'orders',
  Status: 'available',
  StatusReason: '',
  AddressPlan: 'loopback',
  Move: undefined,
  Places: [{ Endpoint: 'primary', CacheClusterId: '', Shown: '127.80.0.1:6379', Other: '' }],
  AsOf: later(60),
  Complete: true,
  MissingNodes: [],
  Clients: [],
  ...more,
});

/** One that is being moved from loopback to host, and serves by both. */
export const moving = (more: Partial<CacheMove> = {}): CacheMove =>
  resting({
    AddressPlan: 'host',
    Move: openMove(),
    Places: [{ Endpoint: 'primary', CacheClusterId: '', Shown: '10.0.0.7:7000', Other: '127.80.0.1:6379' }],
    ...more,
  });

export const client = (Address: string, more: Partial<PlaceClient> = {}): PlaceClient => ({
  Address,
  Place: '127.80.0.1:6379',
  Shown: false,
  Connections: 1,
  Opened: 3,
  LastAt: later(0),
  ...more,
});
