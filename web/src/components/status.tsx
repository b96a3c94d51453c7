import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';
import { useText } from '../i18n';

const looks: Record<string, StatusIndicatorProps.Type> = {
  available: 'success',
  'create-failed': 'error',
  deleting: 'loading',
};

/** The state of a group or node, as the service names it, in the language of the page. */
export function Status({ status }: { status: string | undefined }) {
  const text = useText();
  if (!status) return <StatusIndicator type="pending">–</StatusIndicator>;
  return (
    <StatusIndicator type={looks[status] ?? 'in-progress'}>{text.common.status[status] ?? status}</StatusIndicator>
  );
}
