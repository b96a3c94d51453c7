import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import type { ReactNode } from 'react';
import { Problem } from '../../../components/problem';
import { useText } from '../../../i18n';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import { changesNothing, type Plan, type Subject, type TokenChange } from '../plan';
import { StepHeader } from '../step-header';
import { useModify } from '../use-modify';
import { type PreviewState, usePreview } from '../use-preview';
import { Waiting } from '../waiting';
import { Acceptance } from './acceptance';
import { Answer } from './answer';
import { Changes } from './changes';
import { CopyToken } from './copy-token';
import { Picture } from './credentials';
import { LockedOut } from './locked-out';
import { NewSecurity } from './new-security';
import { NewVersion } from './new-version';

export interface ConfirmProps {
  subject: Subject;
  plan: Plan;
  onBack(): void;
  onCancel(): void;
  onRotateFirst(): void;
}

/** The last look before a submit. A change of tokens is shown as the service foresees it. */
export function Confirm({ plan, ...props }: ConfirmProps) {
  if (!plan.token) return <Review plan={plan} {...props} />;
  return <WithToken key={plan.token.strategy} plan={plan} token={plan.token} {...props} />;
}

function WithToken({ token, ...props }: ConfirmProps & { token: TokenChange }) {
  const state = usePreview(props.subject.id, token);
  return (
    <Review {...props} state={state}>
      {token.strategy === 'ROTATE' && token.token && !state.preview?.Refusal && <CopyToken token={token.token} />}
      <Foreseen state={state} />
    </Review>
  );
}

function Foreseen({ state: { preview, at, error, ask } }: { state: PreviewState }) {
  const modify = usePageText(modifyWords);
  if (!preview) {
    if (error) return <Problem error={error} header={modify.notForeseen} onRetry={ask} />;
    return (
      <Container>
        <Spinner /> {modify.asking}
      </Container>
    );
  }
  const possible = preview.After.length > 0; // else all stays as it is
  return (
    <SpaceBetween size="l">
      {Boolean(error) && <Problem error={error} header={modify.notForeseen} onRetry={ask} />}
      <Container header={<Header variant="h2">{modify.tokens}</Header>}>
        <SpaceBetween size="l">
          <Picture preview={preview} />
          {preview.PasswordlessAfter && <Alert type="warning">{modify.passwordlessStays}</Alert>}
          {possible && (
            <div>
              <Box variant="h3">{modify.acceptance}</Box>
              <Acceptance preview={preview} />
            </div>
          )}
        </SpaceBetween>
      </Container>
      {possible && <LockedOut preview={preview} at={at} onAsk={ask} />}
    </SpaceBetween>
  );
}

interface ReviewProps extends ConfirmProps {
  state?: PreviewState;
  children?: ReactNode;
}

function Review({ subject, plan, state, onBack, onCancel, onRotateFirst, children }: ReviewProps) {
  const { common } = useText();
  const modify = usePageText(modifyWords);
  const { id, status, member } = subject;
  const modification = useModify(subject, plan);
  const preview = state?.preview;
  const available = status === 'available';
  const foreseen = !plan.token || (preview && !preview.Refusal && !state?.error);
  const sending = modification.isPending; // until then one can leave, and nothing is sent
  const submit = () => {
    modification.reset(); // what became of the try before is asked anew
    return state ? state.confirm(modification.submit) : modification.submit();
  };
  return (
    <Form
      header={<StepHeader title={modify.review} description={modify.reviewHint(id)} focused />}
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <Button variant="link" disabled={sending} onClick={onCancel}>
            {common.cancel}
          </Button>
          <Button disabled={sending} onClick={onBack}>
            {common.previous}
          </Button>
          <Button
            variant="primary"
            loading={state?.confirming || sending}
            disabled={!available || !foreseen || changesNothing(plan)}
            onClick={submit}
          >
            {common.modify}
          </Button>
        </SpaceBetween>
      }
    >
      <SpaceBetween size="l">
        {!available && <Waiting status={status} />}
        {state?.outdated && <Alert type="warning">{modify.outdated}</Alert>}
        {Boolean(state?.notConfirmed) && (
          <Problem error={state?.notConfirmed} refused={modify.notChecked} unanswered={modify.notChecked} />
        )}
        {Boolean(modification.error) && <Problem error={modification.error} />}
        {plan.token && preview && available && (
          <Answer id={id} strategy={plan.token.strategy} preview={preview} onRotateFirst={onRotateFirst} />
        )}
        <Changes plan={plan} window={member?.PreferredMaintenanceWindow ?? ''} preview={preview} />
        <NewVersion subject={subject} plan={plan} />
        <NewSecurity plan={plan} />
        {available && children}
      </SpaceBetween>
    </Form>
  );
}
