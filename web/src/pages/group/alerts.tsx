import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { Access, Rotation, StatusReason } from '../../api/own';
import { against, situationOf } from '../../cache/offers';
import { type Concern, concernsOf } from '../../cache/standing';
import { Reasons } from '../../components/reasons';
import { useAccess } from '../../data/group';
import { Say, useTell } from '../../facts/use-tell';
import { useFormats, useText } from '../../i18n';
import { usePageText } from '../../i18n/page-text';
import { securityWords } from '../../i18n/security';
import { href, modifyHref, paths, securityHref } from '../../paths';
import { useFollow } from '../../shell/follow';
import { sentenceOf, useWords } from '../rotation/words';

/** What the owner of a group should know or do now. */
export function Alerts({ group }: { group: ReplicationGroup }) {
  const { data: access } = useAccess(group.ReplicationGroupId ?? '');
  const concerns = access ? concernsOf(access) : [];
  if (!access || concerns.length === 0) return null;
  const can = {
    finish: !against('finishRotation', situationOf(group, access)),
    set: !against('rotateToken', situationOf(group, access)),
  };
  return (
    <SpaceBetween size="s">
      {concerns.map((concern) => (
        <div key={concern.kind}>{alertOf(concern, access.ReplicationGroupId, can)}</div>
      ))}
    </SpaceBetween>
  );
}

/** What the service would do now about two credentials. */
interface Can {
  finish: boolean;
  set: boolean;
}

function alertOf(concern: Concern, id: string, can: Can): ReactNode {
  switch (concern.kind) {
    case 'reason':
      return <Reason reasons={concern.reasons} />;
    case 'exposed':
      return <Exposed reasons={concern.reasons} />;
    case 'security':
      return <UnknownSecurity ids={concern.unknown} />;
    case 'failover':
      return <UnderWay failover={concern.failover} />;
    case 'rotation':
      return <Rotating rotation={concern.rotation} />;
    case 'ended':
      return <Ended rotation={concern.rotation} can={can} />;
    case 'passwordless':
      return <Passwordless id={id} can={can} />;
    case 'openUser':
      return <OpenUser user={concern.user} users={concern.users} />;
    case 'schedule':
      return <ScheduleFailed id={id} schedule={concern.schedule} />;
  }
}

function Reason({ reasons }: { reasons: StatusReason[] }) {
  const { alerts } = useText().group;
  return (
    <Alert type="warning" header={alerts.reason}>
      <Reasons reasons={reasons} />
    </Alert>
  );
}

/** Clients on other machines reach the cache without TLS, or without a token. */
function Exposed({ reasons }: { reasons: StatusReason[] }) {
  const { alerts } = useText().group;
  return (
    <Alert type="warning" header={alerts.exposed}>
      <Reasons reasons={reasons} />
    </Alert>
  );
}

/** Security groups are named that nobody knows here. */
function UnknownSecurity({ ids }: { ids: string[] }) {
  const { cache } = usePageText(securityWords);
  const [first = ''] = ids;
  return (
    <Alert type="warning" header={cache.alert} action={<To to={securityHref.create(first)}>{cache.define(first)}</To>}>
      {cache.alertDetail(ids.join(', '))}
    </Alert>
  );
}

function UnderWay({ failover }: { failover: NonNullable<Access['Failover']> }) {
  const { alerts, failovers } = useText().group;
  return (
    <Alert type="info" header={alerts.failover(failovers.cause[failover.Cause] ?? failover.Cause)}>
      {failovers.fromTo(failover.FromCacheClusterId, failover.ToCacheClusterId)}
    </Alert>
  );
}

function Rotating({ rotation }: { rotation: NonNullable<Access['Rotation']> }) {
  const { alerts } = useText().group;
  const formats = useFormats();
  const tell = useTell();
  const started = formats.dateTime(rotation.StartedAt);
  return (
    <Alert
      type={rotation.Problem ? 'warning' : 'info'}
      header={alerts.rotation}
      action={<To to={href(paths.rotation(rotation.ReplicationGroupId))}>{alerts.watch}</To>}
    >
      {alerts.rotationSince(started)}
      {rotation.Problem && ` ${alerts.heldUp(tell(rotation.ProblemFact, rotation.Problem).words)}`}
    </Alert>
  );
}

/** A rotation was rolled back, or failed: the old credential still lets clients in. */
function Ended({ rotation: r, can }: { rotation: Rotation; can: Can }) {
  const { alerts } = useText().group;
  const formats = useFormats();
  const words = useWords();
  return (
    <Alert
      type={r.State === 'failed' ? 'error' : 'warning'}
      header={alerts.ended[r.State === 'failed' ? 'failed' : 'rolledBack'](formats.dateTime(r.EndedAt))}
      action={<To to={href(paths.rotation(r.ReplicationGroupId))}>{can.finish ? alerts.finish : alerts.toRotation}</To>}
    >
      {sentenceOf(r, words)} {r.Reason && <Say fact={r.ReasonFact} english={r.Reason} whole />}
    </Alert>
  );
}

function Passwordless({ id, can }: { id: string; can: Can }) {
  const text = useText();
  const { alerts } = text.group;
  const closing = (
    <SpaceBetween direction="horizontal" size="xs">
      {can.finish && <To to={href(paths.rotation(id))}>{alerts.finish}</To>}
      {can.set && <To to={modifyHref(id, 'SET')}>{alerts.set}</To>}
    </SpaceBetween>
  );
  return (
    <Alert type="warning" header={text.common.passwordless} action={closing}>
      {alerts.passwordless}
    </Alert>
  );
}

/** A user group has a user without a password. */
function OpenUser({ user, users }: { user: string; users: string }) {
  const text = useText();
  return (
    <Alert type="warning" header={text.common.passwordless}>
      {text.group.alerts.openUser(user, users)}
    </Alert>
  );
}

function ScheduleFailed({ id, schedule }: { id: string; schedule: NonNullable<Access['RotationSchedule']> }) {
  const { alerts } = useText().group;
  const formats = useFormats();
  return (
    <Alert
      type="error"
      header={alerts.scheduleFailed(formats.dateTime(schedule.FailedAt))}
      action={<To to={href(paths.rotation(id))}>{alerts.toRotation}</To>}
    >
      <Say fact={schedule.FailedFact} english={schedule.Failed} whole />
    </Alert>
  );
}

function To({ to, children }: { to: string; children: string }) {
  const follow = useFollow();
  return (
    <Button href={to} onFollow={follow}>
      {children}
    </Button>
  );
}
