import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { codeOf, ServiceError, SignedOutError, UnreachableError } from '../api/error';
import { useText } from '../i18n';

interface ProblemProps {
  error: unknown;
  /** What failed, where nothing was to be changed. */
  header?: string;
  /** What it means that a change was refused. */
  refused?: string;
  /** What it means that no answer to a change came: nobody knows whether it was carried out. */
  unanswered?: string;
  onRetry?: () => void;
}

/**
 * What went wrong: the service's own words, with its code, which a search finds. Without a header
 * it was a change.
 */
export function Problem({ error, header, refused, unanswered, onRetry }: ProblemProps) {
  const { common } = useText();
  if (!error || error instanceof SignedOutError) return null;
  const code = codeOf(error);
  const requestId = error instanceof ServiceError ? error.requestId : requestIdOf(error);
  const lost = error instanceof UnreachableError;
  const lostWords = header ? common.lost : common.lookFirst;
  const changeHeader = lost ? (unanswered ?? common.unanswered) : (refused ?? common.failed);
  return (
    <Alert
      type="error"
      header={header ?? changeHeader}
      action={onRetry && <Button onClick={onRetry}>{common.retry}</Button>}
    >
      {lost ? lostWords : (error as Error).message}
      {code && (
        <Box variant="small" display="block">
          {code}
          {requestId && ` · ${common.requestId(requestId)}`}
        </Box>
      )}
    </Alert>
  );
}

const requestIdOf = (error: unknown): string =>
  (error as { $metadata?: { requestId?: string } })?.$metadata?.requestId ?? '';
