import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Access, Usage } from '../../api/own';
import { passwordless } from '../../cache/standing';
import { useText } from '../../i18n';
import { Lower } from './lower';
import { usageOf } from './progress';
import { useWords } from './words';

/** The credentials that the group accepts: which, what they are to it, since when, and how used. */
export function Credentials({ access, usage }: { access: Access; usage: Usage | undefined }) {
  const { text, formats, label } = useWords();
  const { credentials: say } = text;
  const standingOf = (index: number) => (access.Credentials.length < 2 ? 'current' : index === 0 ? 'old' : 'new');
  return (
    <Container header={<Header variant="h2">{say.title}</Header>}>
      <SpaceBetween size="m">
        <Passwordless access={access} />
        <KeyValuePairs
          columns={2}
          minColumnWidth={220}
          items={access.Credentials.map(({ Fingerprint: fingerprint, AddedAt }, index) => ({
            label: say.standing[standingOf(index)],
            value: (
              <>
                <Box fontSize="heading-m">{label(fingerprint)}</Box>
                <Box variant="small" display="block">
                  {say.added(formats.ago(AddedAt, usage?.AsOf))}
                  {usage &&
                    ` · ${text.clients.connections}: ${formats.number(usageOf(usage, fingerprint)?.Connections ?? 0)}`}
                </Box>
                <Lower usage={usage} />
              </>
            ),
          }))}
        />
      </SpaceBetween>
    </Container>
  );
}

/** That everybody gets in is news, unless a rotation is on its way to end it. */
function Passwordless({ access }: { access: Access }) {
  const { common, rotation } = useText();
  const state = passwordless(access);
  if (state === 'closed') return null;
  if (state === 'ends') return <Alert header={rotation.noneGoing.title}>{rotation.noneGoing.text}</Alert>;
  return (
    <Alert type="warning" header={common.passwordless}>
      {rotation.noneOpen}
    </Alert>
  );
}
