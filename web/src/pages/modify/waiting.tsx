import Alert from '@cloudscape-design/components/alert';
import { Status } from '../../components/status';
import { modifyWords } from '../../i18n/modify';
import { usePageText } from '../../i18n/page-text';

/** A cache is modified while it is available only; what was entered stays until it is. */
export function Waiting({ status }: { status: string | undefined }) {
  const modify = usePageText(modifyWords);
  return (
    <Alert type="info" header={modify.waiting}>
      <Status status={status} /> {modify.waitingHint}
    </Alert>
  );
}
