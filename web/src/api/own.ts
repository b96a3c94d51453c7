// The actions that aikagi adds to the original's. Their answers are described in Go
// (internal/elasticache); the decoders below name the fields that the console shows.
import { call, type Form } from './call';
import { fact } from './fact';
import { type Decoded, type Decoder, flag, list, maybe, maybeNumber, number, object, text, time } from './xml';

const client = object({
  Address: text,
  Name: text,
  Library: text,
  LibraryVersion: text,
  Nodes: list(text),
  Connections: number,
  Closed: number,
  Refused: number,
  FirstSeen: time,
  LastSeen: time,
  FormerNames: list(text),
});
/** One client of a credential; connections that say the same about themselves are one. */
export type Client = Decoded<typeof client>;

const rotation = object({
  RotationId: text,
  ReplicationGroupId: text,
  Cause: text,
  State: text as Decoder<RotationState>,
  Over: flag,
  OldCredential: text,
  NewCredential: text,
  Delivery: text,
  FinishOnly: flag,
  Finish: text,
  Brownout: text,
  EvictOver: text,
  Grace: text,
  RollBackOver: number,
  StartedAt: time,
  RotatedAt: time,
  DeliveredAt: time,
  BrownoutAt: time,
  SetAt: time,
  EndedAt: time,
  StateSince: time,
  FinishRequested: flag,
  CancelRequested: flag,
  RollBackRequested: flag,
  RefusedBefore: number,
  RefusedLogins: number,
  EvictedConnections: number,
  Culprits: list(client),
  Notes: list(text),
  NoteFacts: list(fact), // one for each
  Problem: text,
  ProblemFact: maybe(fact),
  Reason: text,
  ReasonFact: maybe(fact),
});
/** A guided rotation; times that have not come are undefined. */
export type Rotation = Decoded<typeof rotation>;
/** See the diagram in internal/cache/doc.go. */
export type RotationState =
  | 'pending'
  | 'rotating'
  | 'delivering'
  | 'waiting'
  | 'brownout'
  | 'setting'
  | 'watching'
  | 'rolling-back'
  | 'cancelling'
  | 'done'
  | 'rolled-back'
  | 'cancelled'
  | 'failed';

const schedule = object({
  EveryDays: number,
  Delivery: text,
  Finish: text,
  Brownout: text,
  EvictOver: text,
  Grace: text,
  RollBackOver: number,
  SetAt: time,
  LastAt: time,
  NextAt: time,
  Failed: text,
  FailedFact: maybe(fact),
  FailedAt: time,
});
export type RotationSchedule = Decoded<typeof schedule>;

const failover = object({
  FailoverId: text,
  ReplicationGroupId: text,
  NodeGroupId: text,
  Cause: text,
  Planned: flag,
  Status: text,
  GivenUpReason: text,
  GivenUpFact: maybe(fact),
  FromCacheClusterId: text,
  ToCacheClusterId: text,
  DetectedAt: time,
  PausedMicroseconds: maybeNumber,
  FencedMicroseconds: maybeNumber,
  ElectedMicroseconds: maybeNumber,
  PromotedMicroseconds: maybeNumber,
  EndpointMovedMicroseconds: maybeNumber,
  WriteAcceptedMicroseconds: maybeNumber,
  RecoveredMicroseconds: maybeNumber,
  Resumed: flag,
  FromOffset: maybeNumber,
  LossBytes: maybeNumber,
  LossExact: flag,
  Loss: text,
});
export type Failover = Decoded<typeof failover>;

const credential = object({ Fingerprint: text, AddedAt: time });
/** One way into a group: a token's fingerprint, or NONE. */
export type Credential = Decoded<typeof credential>;

const statusReason = object({ Text: text, Fact: maybe(fact) });
/** What keeps a group from being as it should be; without a fact in the words of an engine or the system. */
export type StatusReason = Decoded<typeof statusReason>;

const node = object({
  CacheClusterId: text,
  Role: text,
  Status: text,
  Address: text,
  Zone: text,
  BehindSince: time, // a replica that is too late to be read
  Fault: maybe(object({ Text: text, Fact: maybe(fact) })), // why it cannot start
  Crowd: maybe(object({ Connections: number, Limit: number, Fix: text, FixFact: maybe(fact) })), // its connections are full
});
/** One node of a group. */
export type AccessNode = Decoded<typeof node>;

const access = object({
  ReplicationGroupId: text,
  Status: text,
  StatusReasons: list(statusReason),
  EngineVersion: text,
  PasswordlessOpen: flag,
  AutomaticFailover: flag,
  MultiAZ: flag,
  Failover: maybe(failover),
  Undelivered: text, // the fingerprint of a token that nobody may have
  Rotation: maybe(rotation),
  LastRotation: maybe(rotation),
  RotationSchedule: maybe(schedule),
  PrimaryEndpoint: text,
  ReaderEndpoint: text,
  Credentials: list(credential),
  Nodes: list(node),
});
/** Which credentials a group accepts, and what is under way. */
export type Access = Decoded<typeof access>;

const usage = object({
  ReplicationGroupId: text,
  AsOf: time,
  Complete: flag,
  MissingNodes: list(object({ CacheClusterId: text, Reason: text, Fact: maybe(fact) })),
  Credentials: list(
    object({
      Fingerprint: text,
      Standing: text as Decoder<Standing>,
      AddedAt: time,
      Connections: number,
      Authentications: number,
      LastMinute: number,
      Refused: number,
      FirstUsed: time,
      LastUsed: time,
      FirstRefused: time,
      LastRefused: time,
      Clients: list(client),
      OtherClients: maybe(client),
    }),
  ),
  OtherCredentials: number,
  OtherRefused: number,
  OnSet: object({ Guard: text, Quiet: text, Ends: text, InUse: flag, Refused: flag, Text: text, Fact: maybe(fact) }),
});
/** Who uses which credential of a group. */
export type Usage = Decoded<typeof usage>;
export type CredentialUsage = Usage['Credentials'][number];
/** What a credential is to its group; see internal/cache/groupusage.go. */
export type Standing = 'current' | 'old' | 'new' | 'retired' | 'unknown';

const group = (id: string): Form => ({ ReplicationGroupId: id });

export const describeAccess = (id: string, signal?: AbortSignal): Promise<Access> =>
  call('DescribeReplicationGroupAccess', group(id), access, signal);

export const describeUsage = (id: string, signal?: AbortSignal): Promise<Usage> =>
  call('DescribeAuthTokenUsage', group(id), usage, signal);

const failovers = object({ Failovers: list(failover), Marker: text });
export const describeFailovers = (id: string, Marker?: string, signal?: AbortSignal) =>
  call('DescribeFailovers', { ...group(id), Marker }, failovers, signal);

const rotations = object({ Rotations: list(rotation), Marker: text });
export const describeRotations = (id: string, Marker?: string, signal?: AbortSignal) =>
  call('DescribeAuthTokenRotations', { ...group(id), Marker }, rotations, signal);

const page = object({ ReplicationGroups: list(access), Marker: text });
/** One page of what describeAccess tells, of all groups in the order of their ids. */
export const listAccess = (Marker?: string, signal?: AbortSignal) =>
  call('ListReplicationGroupAccess', { Marker, MaxRecords: 100 }, page, signal);

const preview = object({
  ReplicationGroupId: text,
  Refusal: maybe(object({ Code: text, Message: text, Fact: maybe(fact) })),
  Warning: text,
  WarningFact: maybe(fact),
  Guard: text,
  Quiet: text,
  Before: list(credential),
  After: list(credential), // empty where there is no such set
  PasswordlessBefore: flag,
  PasswordlessAfter: flag,
  Ends: text, // empty: nothing is lost, and all below says nothing
  InUse: flag,
  UsageComplete: flag,
  MissingNodes: list(object({ CacheClusterId: text, Reason: text, Fact: maybe(fact) })),
  LockedOut: list(client),
  OtherClients: maybe(client),
  LockedOutConnections: number,
});
/** What a token change would do now. */
export type TokenPreview = Decoded<typeof preview>;
export type TokenStrategy = 'ROTATE' | 'SET' | 'DELETE';

/** Changes nothing. */
export const previewTokenChange = (
  id: string,
  AuthTokenUpdateStrategy: TokenStrategy,
  AuthToken: string | undefined,
  signal?: AbortSignal,
) => call('PreviewAuthTokenChange', { ...group(id), AuthTokenUpdateStrategy, AuthToken }, preview, signal);

const event = object({
  Date: time,
  SourceIdentifier: text,
  SourceType: text,
  Message: text,
  Fact: maybe(fact), // undefined: the message is in the original's words
});
/** What happened to a cache, or to a node. */
export type Event = Decoded<typeof event>;

const events = object({ Events: list(event), Marker: text });
/** Events of one source in the last so many minutes. */
export const describeEvents = (
  SourceIdentifier: string,
  SourceType: string,
  Duration: number,
  Marker?: string,
  signal?: AbortSignal,
) => call('DescribeEventFacts', { SourceIdentifier, SourceType, Duration, Marker }, events, signal);

const metrics = object({
  ReplicationGroupId: text,
  AsOf: time,
  Nodes: list(
    object({
      CacheClusterId: text,
      Role: text,
      Timestamps: list(time as Decoder<Date>),
      Metrics: list(
        object({
          MetricName: text as Decoder<MetricName>,
          Unit: text,
          Credential: text, // empty: of the node
          Values: list(maybeNumber), // undefined: a gap
        }),
      ),
    }),
  ),
});
/** The last hour of a group's nodes; values go with their node's timestamps, oldest first. */
export type Metrics = Decoded<typeof metrics>;
export type MetricName =
  | 'CurrConnections'
  | 'CommandsPerSecond'
  | 'BytesUsedForCache'
  | 'CacheHitRate'
  | 'EngineCPUUtilization'
  | 'Evictions'
  | 'ReplicationLag'
  | 'ReplicationOffsetLag'
  | 'AuthenticationsPerSecond'
  | 'Connections';

/** Samples after a time (else of the last hour). Whoever asks has the group sampled every two seconds for a while. */
export const describeMetrics = (id: string, StartTime?: Date, signal?: AbortSignal): Promise<Metrics> =>
  call('DescribeReplicationGroupMetrics', { ...group(id), StartTime }, metrics, signal);

/** How a guided rotation is asked for; durations are written like 30s, 10m, 24h. */
export interface RotationRequest extends Form {
  Delivery?: string;
  Finish?: string;
  Brownout?: string;
  EvictOver?: string;
  Grace?: string;
  RollBackOver?: number;
  FinishOnly?: boolean;
}

const one = object({ Rotation: rotation });
const act = (action: string) => (id: string) => call(action, group(id), one);
export const startRotation = (id: string, how: RotationRequest) =>
  call('StartAuthTokenRotation', { ...group(id), ...how }, one);
export const cancelRotation = act('CancelAuthTokenRotation');
export const continueRotation = act('ContinueAuthTokenRotation');
export const rollBackRotation = act('RollBackAuthTokenRotation');

const scheduled = object({ ReplicationGroupId: text, RotationSchedule: maybe(schedule) });
export const putSchedule = (id: string, EveryDays: number, how: Omit<RotationRequest, 'FinishOnly'>) =>
  call('PutAuthTokenRotationSchedule', { ...group(id), EveryDays, ...how }, scheduled);
export const deleteSchedule = (id: string) => call('DeleteAuthTokenRotationSchedule', group(id), scheduled);
