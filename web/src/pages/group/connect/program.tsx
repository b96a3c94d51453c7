import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useText } from '../../../i18n';
import { CodeBlock } from './code-block';
import { type Client, snippet, type Target } from './snippets';

/** The client itself. */
export function Program({ client, target }: { client: Client; target: Target }) {
  const { connect: text } = useText();
  const name = text.programs[client];
  return (
    <SpaceBetween size="xs">
      <Box variant="h4">{name}</Box>
      <CodeBlock code={snippet(client, target)} label={name} />
    </SpaceBetween>
  );
}
