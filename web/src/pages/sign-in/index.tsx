import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Form from '@cloudscape-design/components/form';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { codeForKey } from '../../api/access-key';
import { SignInError, type SignInRefusal, signInWithCode } from '../../api/session';
import { Copyable } from '../../components/copy';
import { useText } from '../../i18n';
import { takeCode } from './code';

/** Where a one-time link leads; the code is in the fragment. */
export const signInPath = '/sign-in';

interface SignInProps {
  signedIn: boolean; // and here by a link all the same
  expired: boolean;
}

/** Shown in the place of any page while there is no session. */
export default function SignIn({ signedIn, expired }: SignInProps) {
  const text = useText();
  const client = useQueryClient();
  const [path, navigate] = useLocation();
  const [refusal, setRefusal] = useState<SignInRefusal>();
  const [running, setRunning] = useState(false);

  const enter = async (code: () => Promise<string>) => {
    setRunning(true);
    setRefusal(undefined);
    try {
      await signInWithCode(await code());
      if (path === signInPath) navigate('/', { replace: true });
      await client.resetQueries(); // nothing of another session is shown
    } catch (error) {
      setRefusal(error instanceof SignInError ? error.refusal : 'unreachable');
    } finally {
      setRunning(false);
    }
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: a code is redeemed once, whatever is rendered again
  useEffect(() => {
    const redeem = () => {
      const code = takeCode(window.location, window.history);
      if (code) enter(async () => code);
      return code;
    };
    if (!redeem() && signedIn) navigate('/', { replace: true });
    window.addEventListener('hashchange', redeem); // a link that is pasted into this very tab
    return () => window.removeEventListener('hashchange', redeem);
  }, []);

  return (
    <main className="sign-in">
      <Container header={<Header variant="h1">{`${text.common.product} – ${text.signIn.title}`}</Header>}>
        <SpaceBetween size="l">
          {expired && !refusal && <Alert type="info">{text.signIn.expired}</Alert>}
          {refusal && <Alert type="error">{text.signIn.refused[refusal]}</Alert>}
          <SpaceBetween size="xs">
            <Box>{text.signIn.intro}</Box>
            {Object.values(text.signIn.commands).map(({ where, command }) => (
              <div key={command}>
                <Box color="text-body-secondary">{where}</Box>
                <Copyable value={command} />
              </div>
            ))}
          </SpaceBetween>
          <WithKey running={running} enter={enter} />
        </SpaceBetween>
      </Container>
    </main>
  );
}

function WithKey({ running, enter }: { running: boolean; enter: (code: () => Promise<string>) => Promise<void> }) {
  const text = useText();
  const [keyId, setKeyId] = useState('');
  const [secret, setSecret] = useState('');
  const [tried, setTried] = useState(false);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!keyId || !secret) return;
    setSecret(''); // it is not kept longer than it is used
    setTried(false);
    enter(() => codeForKey(keyId.trim(), secret.trim()));
  };
  return (
    <form onSubmit={submit}>
      <Form
        header={<Header variant="h2">{text.signIn.withKey}</Header>}
        actions={
          <Button variant="primary" formAction="submit" loading={running} loadingText={text.signIn.running}>
            {text.signIn.submit}
          </Button>
        }
      >
        <SpaceBetween size="m">
          <Box color="text-body-secondary">{text.signIn.keyHint}</Box>
          <FormField label={text.signIn.keyId} errorText={tried && !keyId && text.signIn.missing.keyId}>
            <Input
              value={keyId}
              onChange={({ detail }) => setKeyId(detail.value)}
              autoComplete="username"
              name="key-id"
            />
          </FormField>
          <FormField label={text.signIn.secret} errorText={tried && !secret && text.signIn.missing.secret}>
            <Input
              type="password"
              value={secret}
              onChange={({ detail }) => setSecret(detail.value)}
              autoComplete="current-password"
              name="secret"
            />
          </FormField>
        </SpaceBetween>
      </Form>
    </form>
  );
}
