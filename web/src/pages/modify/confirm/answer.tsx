import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { TokenPreview } from '../../../api/own';
import { Say } from '../../../facts/use-tell';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import { href, paths } from '../../../paths';
import { impactOf, wantsRotateFirst } from './picture';

interface AnswerProps {
  id: string;
  strategy: string;
  preview: TokenPreview;
  onRotateFirst(): void;
}

/** What the service would say of the token change: its refusal or its warning, in its own words. */
export function Answer({ id, strategy, preview, onRotateFirst }: AnswerProps) {
  const modify = usePageText(modifyWords);
  const { Refusal: refusal, Warning: warning } = preview;
  const unguarded = !refusal && !warning && ['somebody', 'unknown'].includes(impactOf(preview)); // nobody warns
  const guarded = preview.After.length > 0; // for anything but the guard refuses without a set to show
  if (!refusal && !warning && !unguarded) return null;
  const rotateFirst = wantsRotateFirst(strategy, preview) && (
    <Button onClick={onRotateFirst}>{modify.rotateFirst}</Button>
  );
  return (
    <SpaceBetween size="s">
      {refusal && (
        <Alert type="error" header={modify.wouldRefuse} action={rotateFirst}>
          <Say fact={refusal.Fact} english={refusal.Message} />
          <Box variant="small" display="block">
            {refusal.Code}
          </Box>
          {rotateFirst && <Box margin={{ top: 'xs' }}>{modify.rotateFirstHint}</Box>}
        </Alert>
      )}
      {Boolean(warning) && (
        <Alert type="warning" header={modify.wouldWarn}>
          <Say fact={preview.WarningFact} english={warning} />
        </Alert>
      )}
      {unguarded && <Alert type="warning">{modify.mayLockOut}</Alert>}
      {guarded && <Guard id={id} guard={preview.Guard} />}
    </SpaceBetween>
  );
}

/** The tags open in a tab of their own: what was entered here is kept, and follows the change. */
function Guard({ id, guard }: { id: string; guard: string }) {
  const modify = usePageText(modifyWords);
  return (
    <Box color="text-body-secondary">
      {modify.guard[guard] ?? guard}{' '}
      <Link external href={href(paths.group(id, 'tags'))} externalIconAriaLabel={modify.newTab}>
        {modify.toTags}
      </Link>
    </Box>
  );
}
