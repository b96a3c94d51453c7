// What can be asked of the service for a group as it is now, so that nothing is offered that it would
// refuse. The service's own answers in every state are beside this (offers.fixture.json).
import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import type { Access, RotationState } from '../api/own';
import { type Transit, transitOf } from './transit';

/** The most replicas of a group. */
export const replicasMax = 5;

/** Why something is not offered. */
export type Obstacle =
  | 'busy' // the group is not available
  | 'going' // it is being deleted, or could not be created
  | 'failover' // one is under way
  | 'rotation' // the same
  | 'noTls' // it is not required, which tokens need
  | 'twoHeld' // a new token would end the first of two at once
  | 'oneHeld' // there is nothing to finish
  | 'undelivered' // nobody may have the newest token
  | 'notNow' // a rotation is not where this can be done
  | 'noReplica'
  | 'allReplicas'
  | 'lastReplica' // automatic failover needs it
  | 'notAutomatic'
  | 'automatic' // the service promotes by itself
  | 'isPrimary'
  | 'nodeBusy'
  | 'noSchedule'
  | 'hasToken' // it keeps TLS required
  | 'hasUsers' // clients log in as the users of a user group, which keeps TLS required, too
  | 'isMode'
  | 'notPreferred' // between the other two, that comes first
  | 'hasSchedule'; // its rotations need TLS to be required

export type GroupAction =
  | 'modify'
  | 'rotateToken' // by hand, as setting one
  | 'failoverOn'
  | 'delete'
  | 'testFailover'
  | 'addReplica'
  | 'tag'
  | 'transitNone'
  | 'transitPreferred'
  | 'transitRequired'
  | 'startRotation'
  | 'secure' // a rotation that has TLS required first, if it is not
  | 'finishRotation' // one that was begun by hand, or rolled back
  | RotationStep
  | 'putSchedule'
  | 'deleteSchedule';
export type RotationStep = 'finish' | 'cancel' | 'rollBack';
export type NodeAction = 'reboot' | 'promote' | 'removeReplica';

/** A group as far as this goes by it. Access may not be known yet. */
export interface Situation {
  group: Pick<
    ReplicationGroup,
    'Status' | 'AutomaticFailover' | 'MultiAZ' | 'TransitEncryptionEnabled' | 'TransitEncryptionMode' | 'UserGroupIds'
  >;
  access: Access | undefined;
  nodes: number;
}

export const situationOf = (group: ReplicationGroup, access: Access | undefined): Situation => ({
  group,
  access,
  nodes: group.MemberClusters?.length ?? 0,
});

/** That of a cache cluster that is in no group. */
export const aloneIn = (Status: string | undefined): Situation => ({ group: { Status }, access: undefined, nodes: 1 });

/** Undefined: the service would do it. */
export type Answer = Obstacle | undefined;

const when = (obstacle: Obstacle, holds: boolean | undefined): Answer => (holds ? obstacle : undefined);
const first = (...answers: Answer[]): Answer => answers.find(Boolean);

const busy = ({ group }: Situation) => when('busy', group.Status !== 'available');
const going = ({ group }: Situation) => when('going', ['deleting', 'create-failed'].includes(group.Status ?? ''));
const plain = ({ group }: Situation) => when('noTls', transitOf(group) !== 'required');
const users = ({ group }: Situation) => when('hasUsers', Boolean(group.UserGroupIds?.length));
const rotating = ({ access }: Situation) => when('rotation', Boolean(access?.Rotation));
const failing = ({ access }: Situation) => when('failover', Boolean(access?.Failover));
const automatic = ({ group }: Situation) => group.AutomaticFailover === 'enabled';

/** What keeps the service from doing something with a group. */
export function against(action: GroupAction, s: Situation): Answer {
  const { access } = s;
  switch (action) {
    case 'modify':
    case 'tag':
      return busy(s);
    case 'rotateToken':
      return first(users(s), plain(s), rotating(s), busy(s));
    case 'failoverOn':
      return first(
        when('noReplica', s.nodes < 2),
        busy(s),
        when('failover', !automatic(s) && Boolean(access?.Failover)),
      );
    case 'delete':
      return s.group.Status === 'create-failed' ? undefined : busy(s);
    case 'testFailover':
      return first(when('noReplica', s.nodes < 2), when('notAutomatic', !automatic(s)), busy(s), failing(s));
    case 'addReplica':
      return first(when('allReplicas', s.nodes > replicasMax), busy(s), failing(s));
    case 'startRotation':
    case 'finishRotation':
      return first(users(s), plain(s), rotating(s), busy(s), ofTokens(action, access));
    case 'secure':
      return first(users(s), rotating(s), busy(s), ofTokens('startRotation', access));
    case 'transitNone':
      return toTransit('none', s);
    case 'transitPreferred':
      return toTransit('preferred', s);
    case 'transitRequired':
      return toTransit('required', s);
    case 'finish':
    case 'cancel':
    case 'rollBack':
      return ofStep(action, access?.Rotation?.State);
    case 'putSchedule':
      return first(users(s), plain(s), going(s), when('rotation', securing(access?.Rotation?.State)));
    case 'deleteSchedule':
      return when('noSchedule', !access?.RotationSchedule);
  }
}

/** What keeps from opening the form that modifies a group. One that is busy is waited for there. */
export const toForm = going;

/** What keeps from taking back what waits for the maintenance window. That a cache is busy does not. */
export const toTakeBack = going;

/** What keeps from opening the page of a group's rotation. One that is under way is watched there. */
export const toRotation = going;

/** What keeps the group from another mode of encryption in transit. */
export function toTransit(to: Transit, s: Situation): Answer {
  const from = transitOf(s.group);
  return first(
    users(s),
    when(
      'hasToken',
      s.access?.Credentials.some((c) => c.Fingerprint !== 'NONE'),
    ),
    when('isMode', from === to),
    when('notPreferred', from !== 'preferred' && to !== 'preferred'),
    when('hasSchedule', from === 'required' && Boolean(s.access?.RotationSchedule)),
    rotating(s),
    busy(s),
  );
}

function ofTokens(action: 'startRotation' | 'finishRotation', access: Access | undefined): Answer {
  const two = (access?.Credentials.length ?? 1) > 1;
  const undelivered = Boolean(access?.Undelivered);
  if (action === 'startRotation') return when('twoHeld', two && !undelivered);
  return first(when('oneHeld', !two), when('undelivered', undelivered));
}

/** A rotation in these states can still take the group back to preferred. */
const securing = (state: RotationState | undefined): boolean =>
  state === 'offering-tls' || state === 'awaiting-tls' || state === 'requiring-tls';

/** Where a rotation takes what its owner wants. */
const steps: Record<RotationStep, RotationState[]> = {
  finish: ['awaiting-tls', 'waiting'],
  cancel: ['offering-tls', 'awaiting-tls', 'requiring-tls', 'pending', 'rotating', 'delivering', 'waiting', 'brownout'],
  rollBack: ['setting', 'watching'],
};

export const ofStep = (step: RotationStep, state: RotationState | undefined): Answer =>
  when('notNow', !state || !steps[step].includes(state));

/** What keeps the service from doing something with a node of a group. */
export function againstNode(action: NodeAction, id: string, s: Situation): Answer {
  const node = s.access?.Nodes.find((n) => n.CacheClusterId === id);
  const primary = when('isPrimary', node?.Role === 'primary');
  switch (action) {
    case 'reboot':
      return first(busy(s), when('nodeBusy', node && node.Status !== 'available'), failing(s));
    case 'promote':
      return first(primary, when('automatic', automatic(s) || s.group.MultiAZ === 'enabled'), busy(s), failing(s));
    case 'removeReplica':
      return first(primary, when('lastReplica', s.nodes === 2 && automatic(s)), busy(s), failing(s));
  }
}
