import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';
import { against, situationOf } from '../../../cache/offers';
import { problemOfIds } from '../../../cache/security';
import { isToken } from '../../../cache/token';
import { transitOf } from '../../../cache/transit';
import { SecurityField } from '../../../components/security-field';
import { useAccess } from '../../../data/group';
import { useText } from '../../../i18n';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import { securityWords } from '../../../i18n/security';
import { type AccessChoice, canWait, changesNothing, namedBy, type Plan, type Subject } from '../plan';
import { StepHeader } from '../step-header';
import { useRunning } from '../use-running';
import { Waiting } from '../waiting';
import { Availability, Details, type DetailsProps, Maintenance } from './details';
import { Discovery } from './discovery';
import { Engine } from './engine';
import { Fixed } from './fixed';
import { Security } from './security';

interface EntryProps extends DetailsProps {
  subject: Subject;
  choice: AccessChoice;
  onChoose(part: Partial<AccessChoice>): void;
  plan: Plan;
  later: boolean; // what can wait is to wait for the window
  onLater(later: boolean): void;
  again: boolean; // one comes back from the confirmation
  onCancel(): void;
  onNext(): void;
}

/** What can be modified. It goes on to the confirmation once there is something to confirm. */
export function Entry({
  subject,
  choice,
  onChoose,
  plan,
  later,
  onLater,
  again,
  onCancel,
  onNext,
  ...form
}: EntryProps) {
  const { common } = useText();
  const security = usePageText(securityWords);
  const modify = usePageText(modifyWords);
  const [tried, setTried] = useState(false);
  const { id, status, group, member } = subject;
  const { settings, onEdit } = form;
  const running = useRunning(subject);
  const faulty = plan.token?.token !== undefined && !(isToken(plan.token.token) && choice.kept);
  const idProblem = problemOfIds(settings.securityGroups, namedBy(member).length > 0);
  const wrong = faulty ? modify.faulty : idProblem ? security.field.wrong[idProblem] : '';
  const problem = tried && (wrong || (changesNothing(plan) && modify.nothingChanged));
  const next = () => {
    setTried(true);
    if (!wrong && !changesNothing(plan)) onNext();
  };
  return (
    <Form
      header={<StepHeader title={modify.title(id)} focused={again} />}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" onClick={onCancel}>
            {common.cancel}
          </Button>
          <Button variant="primary" onClick={next}>
            {modify.preview}
          </Button>
        </SpaceBetween>
      }
      errorText={problem}
    >
      <SpaceBetween size="l">
        {status !== 'available' && <Waiting status={status} />}
        <Details subject={subject} {...form} />
        <Engine subject={subject} now={running} {...form} />
        <Protection subject={subject} choice={choice} onChange={onChoose} tried={tried}>
          <SecurityField
            value={settings.securityGroups}
            onChange={(securityGroups) => onEdit({ securityGroups })}
            problem={tried ? idProblem : undefined}
          />
          <Discovery subject={subject} {...form} />
        </Protection>
        {group && <AvailabilityOf subject={subject} {...form} />}
        <Maintenance {...form} later={canWait(plan) ? later : undefined} onLater={onLater} />
        <Fixed subject={subject} />
      </SpaceBetween>
    </Form>
  );
}

interface ProtectionProps {
  subject: Subject;
  choice: AccessChoice;
  onChange(part: Partial<AccessChoice>): void;
  tried: boolean;
  children: ReactNode; // from where clients may connect
}

/** Who may connect. Only a group can have TLS and tokens. */
function Protection({ subject: { id, group }, children, ...fields }: ProtectionProps) {
  const modify = usePageText(modifyWords);
  const { data: access } = useAccess(id, group !== undefined);
  if (!group) {
    return (
      <Container header={<Header variant="h2">{modify.security}</Header>}>
        <SpaceBetween size="l">{children}</SpaceBetween>
      </Container>
    );
  }
  return (
    <Security
      id={id}
      transit={transitOf(group)}
      access={access}
      hasToken={group.AuthTokenEnabled ?? false}
      obstacle={against('rotateToken', situationOf(group, access))}
      {...fields}
    >
      {children}
    </Security>
  );
}

function AvailabilityOf({ subject: { id, group = {} }, ...form }: DetailsProps & { subject: Subject }) {
  const { data: access } = useAccess(id);
  return <Availability {...form} obstacle={against('failoverOn', situationOf(group, access))} />;
}
