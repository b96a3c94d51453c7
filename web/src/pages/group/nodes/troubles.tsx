import Alert from '@cloudscape-design/components/alert';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { Status } from '../../../components/status';
import { Say } from '../../../facts/use-tell';
import { useFormats, useText } from '../../../i18n';
import type { NodeRow, Trouble } from './rows';

/** A node's status, with a mark for each of its troubles. */
export function NodeStatus({ row }: { row: NodeRow }) {
  const { troubles } = useText().group;
  return (
    <>
      <div>
        <Status status={row.status} />
      </div>
      {row.troubles.map(({ kind }) => (
        <div key={kind}>
          <StatusIndicator type={kind === 'fault' ? 'error' : 'warning'}>{troubles[kind].mark}</StatusIndicator>
        </div>
      ))}
    </>
  );
}

/** What is wrong with which node, and what to do about it. */
export function Troubles({ rows }: { rows: NodeRow[] }) {
  const { troubles } = useText().group;
  const all = rows.flatMap((row) => row.troubles.map((trouble) => ({ id: row.id, trouble })));
  if (all.length === 0) return null;
  return (
    <SpaceBetween size="s">
      {all.map(({ id, trouble }) => (
        <Alert
          key={`${id} ${trouble.kind}`}
          type={trouble.kind === 'fault' ? 'error' : 'warning'}
          header={troubles[trouble.kind].header(id)}
        >
          <About trouble={trouble} />
        </Alert>
      ))}
    </SpaceBetween>
  );
}

function About({ trouble }: { trouble: Trouble }) {
  const { troubles } = useText().group;
  const formats = useFormats();
  switch (trouble.kind) {
    case 'fault':
      return <Say fact={trouble.fault.Fact} english={trouble.fault.Text} />; // it may end with a command
    case 'behind':
      return troubles.behind.since(formats.dateTime(trouble.since));
    case 'crowd':
      return (
        <>
          {troubles.crowd.of(formats.number(trouble.crowd.Connections), formats.number(trouble.crowd.Limit))}{' '}
          <Say fact={trouble.crowd.FixFact} english={trouble.crowd.Fix} whole />
        </>
      );
  }
}
