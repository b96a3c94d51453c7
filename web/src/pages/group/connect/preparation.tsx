import Box from '@cloudscape-design/components/box';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useText } from '../../../i18n';
import { href } from '../../../paths';
import { CodeBlock } from './code-block';
import { type Client, exportAuthority, installs, readToken, type Target } from './snippets';

/** What has to be there before a client can start. */
export function Preparation({ client, target }: { client: Client; target: Target }) {
  const { connect: text } = useText();
  const install = installs[client];
  return (
    <SpaceBetween size="l">
      {target.tls && (
        <SpaceBetween size="xs">
          <Box variant="h4">{text.authority}</Box>
          <Box>
            {text.authorityDetail} {/* Not the router's: it is a file. */}
            <Link href={href('/ca.pem')} variant="primary">
              {text.download}
            </Link>
          </Box>
          <CodeBlock code={exportAuthority} label={text.authority} />
        </SpaceBetween>
      )}
      {target.token && (
        <SpaceBetween size="xs">
          <Box variant="h4">{text.tokenInto}</Box>
          <Box>{text.tokenDetail}</Box>
          <CodeBlock code={readToken(client)} label={text.tokenInto} />
        </SpaceBetween>
      )}
      {install && (
        <SpaceBetween size="xs">
          <Box variant="h4">{text.library}</Box>
          <CodeBlock code={install} label={text.library} />
        </SpaceBetween>
      )}
    </SpaceBetween>
  );
}
