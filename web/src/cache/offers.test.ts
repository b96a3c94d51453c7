import { describe, expect, test } from 'vitest';
import type { Access } from '../api/own';
import { against, againstNode, type GroupAction, type NodeAction, type Situation, toRotation } from './offers';
import answers from './offers.fixture.json';

const groupActions: GroupAction[] = [
  'modify',
  'rotateToken',
  'failoverOn',
  'delete',
  'testFailover',
  'addReplica',
  'tag',
  'transitPreferred',
  'transitRequired',
  'transitNone',
  'startRotation',
  'secure',
  'finishRotation',
  'finish',
  'cancel',
  'rollBack',
  'putSchedule',
  'deleteSchedule',
];
const nodeActions: NodeAction[] = ['reboot', 'promote', 'removeReplica'];

interface Told {
  Credentials: string[] | null; // null: none
  Nodes: { CacheClusterId: string }[];
  Undelivered?: string;
  FailoverId?: string;
  Rotation?: string;
  ScheduleDays?: number;
}

function situation(group: Situation['group'], told: Told): Situation {
  const access = {
    Undelivered: told.Undelivered ?? '',
    Failover: told.FailoverId && { FailoverId: told.FailoverId },
    Rotation: told.Rotation && { State: told.Rotation },
    RotationSchedule: told.ScheduleDays && { EveryDays: told.ScheduleDays },
    Credentials: (told.Credentials ?? []).map((Fingerprint) => ({ Fingerprint })),
    Nodes: told.Nodes,
  };
  return { group, access: access as unknown as Access, nodes: told.Nodes.length };
}

// Made by internal/elasticache, whose test asks the service itself.
describe.each(answers)('$State', ({ Group, Access, Accepted }) => {
  const s = situation(Group as Situation['group'], Access);
  test('what is offered is what the service would do', () => {
    const offered = [
      ...groupActions.filter((action) => !against(action, s)),
      ...Access.Nodes.flatMap(({ CacheClusterId: id }) =>
        nodeActions.filter((action) => !againstNode(action, id, s)).map((action) => `${action} ${id}`),
      ),
    ];
    expect(offered).toEqual(Accepted ?? []);
  });
});

// The service keeps one answer for each of these, so the reasons are the console's own.
describe('why a mode of encryption in transit is not offered', () => {
  const preferred = { TransitEncryptionEnabled: true, TransitEncryptionMode: 'preferred' } as const;
  const required = { TransitEncryptionEnabled: true, TransitEncryptionMode: 'required' } as const;
  const told: Told = { Credentials: ['NONE'], Nodes: [] };
  const why = (action: GroupAction, mode: object, more: Partial<Told> = {}, Status = 'available') =>
    against(action, situation({ Status, ...mode }, { ...told, ...more }));
  test.each([
    [why('transitRequired', {}), 'notPreferred'],
    [why('transitNone', required), 'notPreferred'],
    [why('transitPreferred', preferred), 'isMode'],
    [why('transitPreferred', required, { Credentials: ['aaaaaaaaaaaa'] }), 'hasToken'],
    [why('transitPreferred', required, { ScheduleDays: 7 }), 'hasSchedule'],
    [why('transitRequired', preferred, { Rotation: 'awaiting-tls' }), 'rotation'],
    [why('transitRequired', preferred, {}, 'modifying'), 'busy'],
    [why('transitRequired', preferred), undefined],
    [why('startRotation', preferred), 'noTls'],
    [why('secure', preferred), undefined],
    [toRotation(situation({}, told)), undefined],
  ])('%#: %s', (answer, want) => expect(answer).toBe(want));
});

test('every state was asked about', () => {
  expect(answers.length).toBeGreaterThan(35);
  const asked = new Set(answers.flatMap(({ Accepted }) => (Accepted ?? []).map((name) => name.split(' ')[0])));
  for (const action of [...groupActions, ...nodeActions]) expect(asked).toContain(action);
});
