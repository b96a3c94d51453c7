import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { Access } from '../../api/own';
import { useAccess } from '../../data/group';
import { useFormats, useText } from '../../i18n';
import { href, modifyHref, paths } from '../../paths';
import { useFollow } from '../../shell/follow';

/** What the owner of a group should know or do now. */
export function Alerts({ id }: { id: string }) {
  const { data: access } = useAccess(id);
  if (!access) return null;
  const alerts = alertsOf(access);
  if (alerts.length === 0) return null;
  return <SpaceBetween size="s">{alerts.map((alert) => alert)}</SpaceBetween>;
}

function alertsOf(access: Access): ReactNode[] {
  const { StatusReason: reason, Rotation: rotation, Failover: failover, RotationSchedule: schedule } = access;
  return [
    reason && <Reason key="reason" reason={reason} />,
    failover && <UnderWay key="failover" failover={failover} />,
    rotation && <Rotating key="rotation" rotation={rotation} />,
    access.PasswordlessOpen && !rotation && <Passwordless key="passwordless" id={access.ReplicationGroupId} />,
    schedule?.Failed && <ScheduleFailed key="schedule" id={access.ReplicationGroupId} schedule={schedule} />,
  ].filter(Boolean);
}

function Reason({ reason }: { reason: string }) {
  const { alerts } = useText().group;
  return (
    <Alert type="warning" header={alerts.reason}>
      {reason}
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
  const started = formats.dateTime(rotation.StartedAt);
  return (
    <Alert
      type={rotation.Problem ? 'warning' : 'info'}
      header={alerts.rotation}
      action={<To to={href(paths.rotation(rotation.ReplicationGroupId))}>{alerts.watch}</To>}
    >
      {alerts.rotationSince(started)}
      {rotation.Problem && ` ${alerts.heldUp(rotation.Problem)}`}
    </Alert>
  );
}

function Passwordless({ id }: { id: string }) {
  const text = useText();
  const { alerts } = text.group;
  const closing = (
    <SpaceBetween direction="horizontal" size="xs">
      <To to={href(paths.rotation(id))}>{alerts.finish}</To>
      <To to={modifyHref(id, 'SET')}>{alerts.set}</To>
    </SpaceBetween>
  );
  return (
    <Alert type="warning" header={text.common.passwordless} action={closing}>
      {alerts.passwordless}
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
      {schedule.Failed}
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
