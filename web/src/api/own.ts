// The actions that aikagi adds to the original's. Their shapes are declared in Go (internal/elasticache/own), from which
// own.gen.ts is generated.
import type { AuthTokenUpdateStrategyType, SourceType } from '@aws-sdk/client-elasticache';
import { ask } from './call';
import * as own from './own.gen';

export type * from './own.gen';
export type { AuthTokenUpdateStrategyType as TokenStrategy };

const group = (id: string): own.GroupInput => ({ ReplicationGroupId: id });

export const describeAccess = (id: string, signal?: AbortSignal) =>
  ask(own.DescribeReplicationGroupAccess, group(id), signal);

/** One page of what describeAccess tells, of all groups in the order of their ids. */
export const listAccess = (Marker?: string, signal?: AbortSignal) =>
  ask(own.ListReplicationGroupAccess, { Marker, MaxRecords: 100 }, signal);

export const describeUsage = (id: string, signal?: AbortSignal) => ask(own.DescribeAuthTokenUsage, group(id), signal);

/** Who tried to connect and was not let in. */
export const describeRefused = (id: string, signal?: AbortSignal) =>
  ask(own.DescribeRefusedConnections, group(id), signal);

/** Who connects without TLS. */
export const describeTransitUsage = (id: string, signal?: AbortSignal) =>
  ask(own.DescribeTransitEncryptionUsage, group(id), signal);

export const describeFailovers = (id: string, Marker?: string, signal?: AbortSignal) =>
  ask(own.DescribeFailovers, { ...group(id), Marker }, signal);

export const describeRotations = (id: string, Marker?: string, signal?: AbortSignal) =>
  ask(own.DescribeAuthTokenRotations, { ...group(id), Marker }, signal);

/** Changes nothing. */
export const previewTokenChange = (
  id: string,
  AuthTokenUpdateStrategy: AuthTokenUpdateStrategyType,
  AuthToken: string | undefined,
  signal?: AbortSignal,
) => ask(own.PreviewAuthTokenChange, { ...group(id), AuthTokenUpdateStrategy, AuthToken }, signal);

/** Events of one source in the last so many minutes. */
export const describeEvents = (
  SourceIdentifier: string,
  SourceType: SourceType,
  Duration: number,
  Marker?: string,
  signal?: AbortSignal,
) => ask(own.DescribeEventFacts, { SourceIdentifier, SourceType, Duration, Marker }, signal);

/** Samples after a time (else of the last hour). */
export const describeMetrics = (id: string, StartTime?: Date, signal?: AbortSignal) =>
  ask(own.DescribeReplicationGroupMetrics, { ...group(id), StartTime }, signal);

/** How a guided rotation is asked for. */
export type RotationRequest = Omit<own.StartAuthTokenRotationInput, 'ReplicationGroupId'>;

/** The same for a schedule, which neither finishes what was begun nor secures a group. */
export type ScheduledRequest = Omit<RotationRequest, 'FinishOnly' | 'Secure'>;

export const startRotation = (id: string, how: RotationRequest) =>
  ask(own.StartAuthTokenRotation, { ...group(id), ...how });
export const cancelRotation = (id: string) => ask(own.CancelAuthTokenRotation, group(id));
export const continueRotation = (id: string) => ask(own.ContinueAuthTokenRotation, group(id));
export const rollBackRotation = (id: string) => ask(own.RollBackAuthTokenRotation, group(id));

export const putSchedule = (id: string, EveryDays: number, how: ScheduledRequest) =>
  ask(own.PutAuthTokenRotationSchedule, { ...group(id), EveryDays, ...how });
export const deleteSchedule = (id: string) => ask(own.DeleteAuthTokenRotationSchedule, group(id));

/** One page of the security groups that are known here, in the order of their ids. */
export const describeSecurityGroups = (Marker?: string, signal?: AbortSignal) =>
  ask(own.DescribeSecurityGroups, { Marker, MaxRecords: 100 }, signal);
export const createSecurityGroup = (what: own.CreateSecurityGroupInput) => ask(own.CreateSecurityGroup, what);
export const authorizeIngress = (rule: own.SecurityGroupIngressInput) => ask(own.AuthorizeSecurityGroupIngress, rule);
export const revokeIngress = (rule: own.SecurityGroupIngressInput) => ask(own.RevokeSecurityGroupIngress, rule);
export const deleteSecurityGroup = (SecurityGroupId: string) => ask(own.DeleteSecurityGroup, { SecurityGroupId });

/** What waits for the maintenance windows of all caches. */
export const describeMaintenance = (signal?: AbortSignal) => ask(own.DescribeMaintenance, {}, signal);
export const startMaintenance = (cache: own.CacheInput) => ask(own.StartMaintenance, cache);
/** Takes back what waits. */
export const cancelMaintenance = (cache: own.CacheInput) => ask(own.CancelMaintenance, cache);

/** How a cache is to be moved. */
export type MoveRequest = Pick<own.MoveCacheInput, 'AddressPlan' | 'CloseAfter'>;
/** How a move is to be ended. */
export type MoveEnd = Pick<own.EndCacheMoveInput, 'Quiet' | 'Force'>;

/** How far a cache's move is, and who uses which of its addresses. */
export const describeMove = (cache: own.CacheInput, signal?: AbortSignal) => ask(own.DescribeCacheMove, cache, signal);
export const moveCache = (cache: own.CacheInput, how: MoveRequest) => ask(own.MoveCache, { ...cache, ...how });
export const finishMove = (cache: own.CacheInput, how: MoveEnd) => ask(own.FinishCacheMove, { ...cache, ...how });
export const cancelMove = (cache: own.CacheInput, how: MoveEnd) => ask(own.CancelCacheMove, { ...cache, ...how });
