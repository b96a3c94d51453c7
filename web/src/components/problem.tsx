import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import { codeOf, ServiceError, SignedOutError, UnreachableError } from '../api/error';
import { useText } from '../i18n';

interface ProblemProps {
  error: unknown;
  header?: string;
  onRetry?: () => void;
}

/** What went wrong: the service's own words, with its code, which a search finds. */
export function Problem({ error, header, onRetry }: ProblemProps) {
  const { common } = useText();
  if (!error || error instanceof SignedOutError) return null;
  const code = codeOf(error);
  const requestId = error instanceof ServiceError ? error.requestId : requestIdOf(error);
  const message = error instanceof UnreachableError ? common.lost : (error as Error).message;
  return (
    <Alert
      type="error"
      header={header ?? common.failed}
      action={onRetry && <Button onClick={onRetry}>{common.retry}</Button>}
    >
      {message}
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
