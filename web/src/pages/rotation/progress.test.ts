import { describe, expect, it } from 'vitest';
import type { Rotation, RotationState } from '../../api/own';
import { actionsOf, isSecuring, missingFrom, refusedSoFar, stepsOf, waitsOf } from './progress';
import { later, rotation, transitWith, usageWith } from './testing';

/** Steps as a line: passed ones with +, the current one in brackets. */
function line(r: Rotation): string {
  const marks = { passed: '+', ahead: '', skipped: '~', found: '!', left: 'x' };
  return stepsOf(r)
    .map(({ name, standing }) => (standing === 'current' ? `[${name}]` : `${marks[standing]}${name}`))
    .join(' ');
}

describe('steps', () => {
  const browned = { Brownout: '5s' };
  it.each<[string, Rotation, string]>([
    ['pending', rotation('pending'), '[pending] rotating delivering waiting setting watching done'],
    ['rotating', rotation('rotating'), '+pending [rotating] delivering waiting setting watching done'],
    ['delivering', rotation('delivering'), '+pending +rotating [delivering] waiting setting watching done'],
    [
      'waiting',
      rotation('waiting', browned),
      '+pending +rotating +delivering [waiting] brownout setting watching done',
    ],
    [
      'brownout',
      rotation('brownout', browned),
      '+pending +rotating +delivering +waiting [brownout] setting watching done',
    ],
    ['setting', rotation('setting'), '+pending +rotating +delivering +waiting [setting] watching done'],
    ['watching', rotation('watching'), '+pending +rotating +delivering +waiting +setting [watching] done'],
    ['done', rotation('done'), '+pending +rotating +delivering +waiting +setting +watching [done]'],
    [
      'waiting again',
      rotation('waiting', { ...browned, BrownoutAt: later(9) }),
      '+pending +rotating +delivering [waiting] !brownout setting watching done',
    ],
    [
      'the brownout became the end',
      rotation('watching', { ...browned, BrownoutAt: later(20) }),
      '+pending +rotating +delivering +waiting +brownout +setting [watching] done',
    ],
    [
      'after one that found clients',
      rotation('setting', { ...browned, BrownoutAt: later(9) }),
      '+pending +rotating +delivering +waiting !brownout [setting] watching done',
    ],
    ['finish only', rotation('waiting', { FinishOnly: true }), '[waiting] setting watching done'],
    [
      'rolling back',
      rotation('rolling-back'),
      '+pending +rotating +delivering +waiting +setting xwatching [rolling-back] rolled-back',
    ],
    [
      'rolling back before every node refused',
      rotation('rolling-back', { SetAt: undefined }),
      '+pending +rotating +delivering +waiting xsetting ~watching [rolling-back] rolled-back',
    ],
    [
      'rolled back',
      rotation('rolled-back'),
      '+pending +rotating +delivering +waiting +setting xwatching +rolling-back [rolled-back]',
    ],
    [
      'cancelling a brownout',
      rotation('cancelling', browned),
      '+pending +rotating +delivering +waiting xbrownout ~setting ~watching [cancelling] cancelled',
    ],
    [
      'cancelling while rotating',
      rotation('cancelling', { RotatedAt: undefined, DeliveredAt: undefined }),
      '+pending xrotating ~delivering ~waiting ~setting ~watching [cancelling] cancelled',
    ],
    [
      'cancelled while waiting',
      rotation('cancelled'),
      '+pending +rotating +delivering xwaiting ~setting ~watching [cancelled]',
    ],
    ['failed to deliver', rotation('failed'), '+pending +rotating xdelivering ~waiting ~setting ~watching [failed]'],
    [
      'failed at once',
      rotation('failed', { RotatedAt: undefined, NewCredential: '' }),
      'xpending ~rotating ~delivering ~waiting ~setting ~watching [failed]',
    ],
  ])('%s', (_, r, want) => expect(line(r)).toBe(want));

  const token = 'pending rotating delivering waiting setting watching';
  const skipped = '~pending ~rotating ~delivering ~waiting ~setting ~watching';
  const none = { Secure: true, NewCredential: '', RotatedAt: undefined, DeliveredAt: undefined };
  const offered = { ...none, TlsOfferedAt: later(1) };
  const secured = { ...offered, TlsRequiredAt: later(2) };
  it.each<[string, Rotation, string]>([
    ['offering', rotation('offering-tls'), `[offering-tls] awaiting-tls requiring-tls ${token} done`],
    ['awaiting', rotation('awaiting-tls'), `+offering-tls [awaiting-tls] requiring-tls ${token} done`],
    ['requiring', rotation('requiring-tls'), `+offering-tls +awaiting-tls [requiring-tls] ${token} done`],
    [
      'secured',
      rotation('rotating', secured),
      '+offering-tls +awaiting-tls +requiring-tls +pending [rotating] delivering waiting setting watching done',
    ],
    [
      'cancelled before TLS was offered',
      rotation('cancelled', none),
      `xoffering-tls ~awaiting-tls ~requiring-tls ${skipped} [cancelled]`,
    ],
    [
      'cancelled while clients change over',
      rotation('cancelled', offered),
      `+offering-tls xawaiting-tls ~requiring-tls ${skipped} [cancelled]`,
    ],
    [
      'cancelling the end of plaintext',
      rotation('cancelling', offered),
      `+offering-tls +awaiting-tls xrequiring-tls ${skipped} [cancelling] cancelled`,
    ],
    [
      'cancelled when TLS was required',
      rotation('cancelled', secured),
      '+offering-tls +awaiting-tls +requiring-tls xpending ~rotating ~delivering ~waiting ~setting ~watching [cancelled]',
    ],
  ])('to TLS: %s', (_, r, want) => expect(line(r)).toBe(want));
  it('know when TLS was offered and required', () => {
    const times = stepsOf(rotation('pending', secured)).map(({ at }) => at);
    expect(times.slice(0, 4)).toEqual([later(1), undefined, later(2), undefined]);
  });
  it('are those of the first part until TLS is required', () => {
    expect(isSecuring(rotation('awaiting-tls'))).toBe(true);
    expect(isSecuring(rotation('pending', secured))).toBe(false);
    expect(isSecuring(rotation('pending'))).toBe(false);
  });
});

describe('waits', () => {
  it('goes by the last of delivery, use and brownout', () => {
    const waits = (r: Partial<Rotation>, old: Parameters<typeof usageWith>[0]) =>
      waitsOf(rotation('waiting', r), usageWith(old), later(103));
    expect(waits({}, {})).toEqual([{ for: 'quiet', connections: 0, rule: 600, seconds: 500 }]);
    expect(waits({}, { LastUsed: later(53) })[0]).toMatchObject({ seconds: 550 });
    expect(waits({ BrownoutAt: later(63) }, { LastUsed: later(53) })[0]).toMatchObject({ seconds: 560 });
    expect(waits({}, { Connections: 4 })).toEqual([{ for: 'quiet', connections: 4, rule: 600 }]);
  });
  it('knows deadlines, owners and what is not known', () => {
    const at = (r: Partial<Rotation>, complete = true) =>
      waitsOf(rotation('waiting', r), usageWith({}, { Complete: complete }), later(103));
    expect(at({ Finish: 'deadline=5m' })).toEqual([{ for: 'deadline', seconds: 200 }]);
    expect(at({ Finish: 'quiet=10m,deadline=1m' }).map((w) => w.for)).toEqual(['quiet', 'deadline']);
    expect(at({ Finish: 'deadline=1m' })).toEqual([{ for: 'deadline', seconds: 0 }]);
    expect(at({ Finish: 'ask' })).toEqual([{ for: 'owner' }]);
    expect(at({ Finish: 'ask', FinishRequested: true })).toEqual([{ for: 'now' }]);
    expect(at({}, false)).toEqual([{ for: 'nodes' }]);
    expect(waitsOf(rotation('waiting'), undefined, later(103))).toEqual([]);
  });
  it('waits for clients in plaintext by the same rule, from when TLS was offered', () => {
    const at = (r: Partial<Rotation>, ...transit: Parameters<typeof transitWith>) =>
      waitsOf(
        rotation('awaiting-tls', { StateSince: later(3), ...r }),
        usageWith({}),
        later(103),
        transitWith(...transit),
      );
    expect(at({}, {})).toEqual([{ for: 'quiet', connections: 0, rule: 600, seconds: 500 }]);
    expect(at({}, { LastUsed: later(53) })[0]).toMatchObject({ seconds: 550 });
    expect(at({}, { LastUsed: later(-53) })[0]).toMatchObject({ seconds: 500 });
    expect(at({}, { Connections: 4 })).toEqual([{ for: 'quiet', connections: 4, rule: 600 }]);
    expect(at({ Finish: 'deadline=5m' }, {})).toEqual([{ for: 'deadline', seconds: 200 }]);
    expect(at({ Finish: 'ask' }, {})).toEqual([{ for: 'owner' }]);
    expect(at({ Finish: 'ask', FinishRequested: true }, {})).toEqual([{ for: 'now' }]);
    expect(at({}, {}, { Complete: false })).toEqual([{ for: 'nodes' }]);
    expect(waitsOf(rotation('awaiting-tls'), usageWith({}), later(103))).toEqual([]);
  });
  it('counts brownouts and the grace time', () => {
    const brownout = rotation('brownout', { Brownout: '5s', StateSince: later(20) });
    expect(waitsOf(brownout, undefined, later(22))).toEqual([{ for: 'brownout', seconds: 3 }]);
    expect(waitsOf(rotation('watching'), undefined, later(80))).toEqual([{ for: 'grace', seconds: 540 }]);
    const evicting = rotation('watching', { Grace: '10s', EvictOver: '1m0s' });
    expect(waitsOf(evicting, undefined, later(30))).toEqual([
      { for: 'grace', seconds: 50 },
      { for: 'evict', seconds: 50 },
    ]);
  });
  it('never counts more than there is, whatever the clocks say', () => {
    expect(waitsOf(rotation('watching'), undefined, later(-900))).toEqual([{ for: 'grace', seconds: 600 }]);
  });
  it.each<RotationState>([
    'offering-tls',
    'requiring-tls',
    'pending',
    'rotating',
    'delivering',
    'setting',
    'rolling-back',
    'cancelling',
    'done',
  ])('waits for nothing that takes long: %s', (state) =>
    expect(waitsOf(rotation(state), usageWith({}), later(30), transitWith({}))).toEqual([]),
  );
});

it.each<[RotationState, string]>([
  ['offering-tls', 'cancel'],
  ['awaiting-tls', 'finish cancel'],
  ['requiring-tls', 'cancel'],
  ['pending', 'cancel'],
  ['rotating', 'cancel'],
  ['delivering', 'cancel'],
  ['waiting', 'finish cancel'],
  ['brownout', 'cancel'],
  ['setting', 'rollBack'],
  ['watching', 'rollBack'],
  ['rolling-back', ''],
  ['cancelling', ''],
  ['done', ''],
])('what may be done: %s', (state, want) => {
  const allowed = Object.entries(actionsOf(rotation(state))).filter(([, can]) => can);
  expect(allowed.map(([name]) => name).join(' ')).toBe(want);
});

it('does not offer what was asked for', () => {
  expect(actionsOf(rotation('waiting', { FinishRequested: true })).finish).toBe(false);
  expect(actionsOf(rotation('delivering', { CancelRequested: true })).cancel).toBe(false);
  expect(actionsOf(rotation('watching', { RollBackRequested: true })).rollBack).toBe(false);
});

it('names the nodes that told nothing, also those that cannot', () => {
  const MissingNodes = [{ CacheClusterId: 'orders-002', Reason: 'timeout', Fact: undefined }];
  const partly = { Complete: false, MissingNodes };
  expect(missingFrom(usageWith({}, partly))).toBe('orders-002');
  expect(missingFrom(transitWith({}, { ...partly, GatelessNodes: ['orders-003'] }))).toBe('orders-002, orders-003');
  expect(missingFrom(transitWith({}))).toBe('');
});

it('counts logins that were refused since the end', () => {
  const usage = usageWith({ Refused: 12 });
  expect(refusedSoFar(rotation('watching', { RefusedBefore: 10 }), usage)).toBe(2);
  expect(refusedSoFar(rotation('watching', { RefusedLogins: 3, RefusedBefore: 10 }), usage)).toBe(3);
  expect(refusedSoFar(rotation('waiting'), usage)).toBe(0);
});
