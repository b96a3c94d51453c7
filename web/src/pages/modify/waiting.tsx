import type { ReplicationGroup } from '@aws-sdk/client-elasticache';
import Alert from '@cloudscape-design/components/alert';
import { Status } from '../../components/status';
import { modifyWords } from '../../i18n/modify';
import { usePageText } from '../../i18n/page-text';

/** A group is modified while it is available only; what was entered stays until it is. */
export function Waiting({ group }: { group: ReplicationGroup }) {
  const modify = usePageText(modifyWords);
  return (
    <Alert type="info" header={modify.waiting}>
      <Status status={group.Status} /> {modify.waitingHint}
    </Alert>
  );
}
