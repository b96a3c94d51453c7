import type { CacheCluster, ReplicationGroup } from '@aws-sdk/client-elasticache';
import Button from '@cloudscape-design/components/button';
import Form from '@cloudscape-design/components/form';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
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
import { type AccessChoice, canWait, changesNothing, namedBy, type Plan, runningOf } from '../plan';
import { StepHeader } from '../step-header';
import { Waiting } from '../waiting';
import { Availability, Details, type DetailsProps, Maintenance } from './details';
import { Engine } from './engine';
import { Fixed } from './fixed';
import { Security } from './security';

interface EntryProps extends DetailsProps {
  group: ReplicationGroup;
  member: CacheCluster | undefined;
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
  group,
  member,
  settings,
  onEdit,
  choice,
  onChoose,
  plan,
  later,
  onLater,
  again,
  onCancel,
  onNext,
}: EntryProps) {
  const { common } = useText();
  const security = usePageText(securityWords);
  const modify = usePageText(modifyWords);
  const [tried, setTried] = useState(false);
  const id = group.ReplicationGroupId ?? '';
  const { data: access } = useAccess(id);
  const faulty = plan.token?.token !== undefined && !(isToken(plan.token.token) && choice.kept);
  const idProblem = problemOfIds(settings.securityGroups, namedBy(member).length > 0);
  const wrong = faulty ? modify.faulty : idProblem ? security.field.wrong[idProblem] : '';
  const problem = tried && (wrong || (changesNothing(plan) && modify.nothingChanged));
  const situation = situationOf(group, access);
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
        {group.Status !== 'available' && <Waiting group={group} />}
        <Details
          id={id}
          now={group.CacheNodeType ?? ''}
          pendingType={member?.PendingModifiedValues?.CacheNodeType}
          settings={settings}
          onEdit={onEdit}
        />
        <Engine
          now={{ ...runningOf(group, member), servedBy: access?.ServedBy || undefined }}
          parameterGroup={member?.CacheParameterGroup?.CacheParameterGroupName ?? ''}
          pendingVersion={member?.PendingModifiedValues?.EngineVersion}
          settings={settings}
          onEdit={onEdit}
        />
        <Security
          id={id}
          transit={transitOf(group)}
          access={access}
          hasToken={group.AuthTokenEnabled ?? false}
          obstacle={against('rotateToken', situation)}
          choice={choice}
          onChange={onChoose}
          tried={tried}
        >
          <SecurityField
            value={settings.securityGroups}
            onChange={(securityGroups) => onEdit({ securityGroups })}
            problem={tried ? idProblem : undefined}
          />
        </Security>
        <Availability settings={settings} onEdit={onEdit} obstacle={against('failoverOn', situation)} />
        <Maintenance settings={settings} onEdit={onEdit} later={canWait(plan) ? later : undefined} onLater={onLater} />
        <Fixed group={group} />
      </SpaceBetween>
    </Form>
  );
}
