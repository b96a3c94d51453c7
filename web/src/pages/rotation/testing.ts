// Rotations and usages for the tests of this folder.
import type {
  Access,
  Client,
  CredentialUsage,
  PlaintextUse,
  Rotation,
  RotationState,
  TransitUsage,
  Usage,
} from '../../api/own';

const start = Date.parse('2026-11-23T12:00:00Z');
/** A time, seconds after the rotation's start. */
export const later = (seconds: number) => new Date(start + seconds * 1000);

const toTls: RotationState[] = ['offering-tls', 'awaiting-tls', 'requiring-tls'];

const reached: Record<RotationState, number> = {
  'offering-tls': 0,
  'awaiting-tls': 0,
  'requiring-tls': 0,
  pending: 0,
  rotating: 1,
  delivering: 2,
  waiting: 3,
  brownout: 3,
  setting: 3,
  watching: 4,
  done: 4,
  'rolling-back': 4,
  'rolled-back': 4,
  cancelling: 3,
  cancelled: 3,
  failed: 2,
};

/** A rotation that came to a state by the straight way: delivered after 3 s, SET after 20; TLS is offered after 1 s. */
export function rotation(State: RotationState, more: Partial<Rotation> = {}): Rotation {
  const so = reached[State];
  const Over = ['done', 'rolled-back', 'cancelled', 'failed'].includes(State);
  return {
    RotationId: 'rotation-1',
    ReplicationGroupId: 'orders',
    Cause: 'request',
    State,
    Over,
    OldCredential: 'aaaaaaaaaaaa',
    NewCredential: so >= 1 ? 'bbbbbbbbbbbb' : '',
    Delivery: 'file:/run/token',
    FinishOnly: false,
    Finish: 'quiet=10m',
    Brownout: '0s',
    EvictOver: '0s',
    Grace: '10m0s',
    RollBackOver: 0,
    StartedAt: later(0),
    RotatedAt: so >= 2 ? later(2) : undefined,
    DeliveredAt: so >= 3 ? later(3) : undefined,
    BrownoutAt: undefined,
    SetAt: so >= 4 ? later(20) : undefined,
    EndedAt: Over ? later(621) : undefined,
    StateSince: later(so * 5),
    FinishRequested: false,
    CancelRequested: false,
    RollBackRequested: false,
    RefusedBefore: 0,
    RefusedLogins: 0,
    EvictedConnections: 0,
    Culprits: [],
    Notes: [],
    NoteFacts: [],
    Problem: '',
    ProblemFact: undefined,
    Reason: '',
    ReasonFact: undefined,
    Secure: toTls.includes(State),
    TlsOfferedAt: toTls.indexOf(State) > 0 ? later(1) : undefined,
    TlsRequiredAt: undefined,
    ...more,
  };
}

export const client = (more: Partial<Client> = {}): Client => ({
  Address: '10.0.0.7',
  Name: '',
  Library: '',
  LibraryVersion: '',
  Nodes: ['orders-001'],
  Connections: 0,
  Closed: 0,
  Refused: 0,
  FirstSeen: later(0),
  LastSeen: undefined,
  FormerNames: [],
  ...more,
});

const credential = (Fingerprint: string, more: Partial<CredentialUsage> = {}): CredentialUsage => ({
  Fingerprint,
  Standing: 'old',
  AddedAt: later(0),
  Connections: 0,
  Authentications: 0,
  LastMinute: 0,
  Refused: 0,
  FirstUsed: undefined,
  LastUsed: undefined,
  FirstRefused: undefined,
  LastRefused: undefined,
  Clients: [],
  OtherClients: undefined,
  ...more,
});

/** The use of the old credential of `rotation`, beside a new one with two connections. */
export const usageWith = (old: Partial<CredentialUsage>, more: Partial<Usage> = {}): Usage => ({
  ReplicationGroupId: 'orders',
  AsOf: later(5),
  Complete: true,
  MissingNodes: [],
  Credentials: [credential('aaaaaaaaaaaa', old), credential('bbbbbbbbbbbb', { Standing: 'new', Connections: 2 })],
  OtherCredentials: 0,
  OtherRefused: 0,
  OnSet: { Guard: 'warn', Quiet: '10m0s', Ends: '', InUse: false, Refused: false, Text: '', Fact: undefined },
  ...more,
});

/** Who connects without TLS, beside two connections with it. */
export const transitWith = (plaintext: Partial<PlaintextUse>, more: Partial<TransitUsage> = {}): TransitUsage => ({
  ReplicationGroupId: 'orders',
  AsOf: later(5),
  Mode: 'preferred',
  Complete: true,
  MissingNodes: [],
  GatelessNodes: [],
  TlsConnections: 2,
  Plaintext: {
    Connections: 0,
    Opened: 0,
    LastMinute: 0,
    FirstUsed: undefined,
    LastUsed: undefined,
    Clients: [],
    OtherClients: undefined,
    ...plaintext,
  },
  OnRequired: {
    Guard: 'warn',
    Quiet: '10m0s',
    InUse: false,
    Refused: false,
    Text: 'TransitEncryptionMode required would end no connection.',
    Fact: undefined,
  },
  ...more,
});

export const accessWith = (more: Partial<Access> = {}): Access => ({
  ReplicationGroupId: 'orders',
  Status: 'available',
  StatusReason: '',
  StatusReasons: [],
  EngineVersion: '8.0.1',
  ServedBy: '',
  UserGroup: '',
  OpenUser: '',
  PasswordlessOpen: false,
  AutomaticFailover: false,
  MultiAZ: false,
  Failover: undefined,
  Rotation: undefined,
  LastRotation: undefined,
  RotationSchedule: undefined,
  Undelivered: '',
  AddressPlan: 'loopback',
  Move: undefined,
  Exposure: '',
  ExposureReasons: [],
  PrimaryEndpoint: '',
  ReaderEndpoint: '',
  SecurityGroups: [],
  NetworksLeftOut: 0,
  Credentials: [{ Fingerprint: 'aaaaaaaaaaaa', AddedAt: later(0) }],
  Nodes: [],
  ...more,
});
