import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Tabs from '@cloudscape-design/components/tabs';
import type { Access, Usage } from '../../api/own';
import { transitOf } from '../../cache/transit';
import { Words } from '../../components/words';
import { Credentials } from './credentials';
import { History } from './history';
import { Receipt } from './receipt';
import { Schedule, ScheduleFailed } from './schedule';
import { Start } from './start';
import { lookOf } from './stepper';
import { sentenceOf, useWords } from './words';

interface IdleProps {
  access: Access;
  usage: Usage | undefined;
  group: ReplicationGroup;
}

/** No rotation is under way: how the last one ended, and the next. */
export function Idle({ access, usage, group }: IdleProps) {
  const { text } = useWords();
  const secures = transitOf(group) !== 'required';
  return (
    <SpaceBetween size="l">
      <ScheduleFailed schedule={access.RotationSchedule} />
      <Credentials access={access} usage={usage} />
      <Last access={access} />
      <Tabs
        ariaLabel={text.title}
        tabs={[
          {
            id: 'start',
            label: secures ? text.secure.tab : text.how.tab,
            content: <Start access={access} group={group} />,
          },
          {
            id: 'schedule',
            label: text.schedule.tab,
            content: <Schedule access={access} group={group} now={usage?.AsOf ?? new Date()} />,
          },
          { id: 'history', label: text.history.title, content: <History id={access.ReplicationGroupId} /> },
        ]}
      />
    </SpaceBetween>
  );
}

function Last({ access: { LastRotation: last } }: { access: Access }) {
  const words = useWords();
  const { text, formats } = words;
  if (!last) return null;
  return (
    <Container
      header={
        <Header variant="h2" description={formats.dateTime(last.EndedAt)}>
          {text.last.title}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <StatusIndicator type={lookOf(last.State)}>
          <Words>
            {text.state[last.State]}: {sentenceOf(last, words)}
          </Words>
        </StatusIndicator>
        <ExpandableSection headerText={text.receipt.title}>
          <Receipt rotation={last} />
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  );
}
