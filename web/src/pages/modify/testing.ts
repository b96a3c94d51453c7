// What the tests of this page begin with.
import type { Client, TokenPreview } from '../../api/own';

export const emptyPreview: TokenPreview = {
  ReplicationGroupId: 'orders',
  Refusal: undefined,
  Warning: '',
  WarningFact: undefined,
  Guard: 'warn',
  Quiet: '10m0s',
  Before: [],
  After: [],
  PasswordlessBefore: false,
  PasswordlessAfter: false,
  Ends: '',
  InUse: false,
  UsageComplete: false,
  MissingNodes: [],
  LockedOut: [],
  OtherClients: undefined,
  LockedOutConnections: 0,
};

export const someClient: Client = {
  Address: '10.0.0.7',
  Name: 'worker-1',
  Library: 'redis-py',
  LibraryVersion: '5.0.1',
  Nodes: ['orders-001'],
  Connections: 3,
  Closed: 0,
  Refused: 0,
  FirstSeen: undefined,
  LastSeen: undefined,
  FormerNames: [],
};
