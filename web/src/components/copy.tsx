import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import { Fragment } from 'react';
import { useText } from '../i18n';
import { nothing } from '../i18n/format';
import { Words } from './words';

/** A value that people paste elsewhere. */
export function Copyable({ value, code = false }: { value: string | undefined; code?: boolean }) {
  const { common } = useText();
  if (!value) return <>{nothing}</>;
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={value}
      textToDisplay={<Breakable>{value}</Breakable>}
      copyButtonAriaLabel={`${common.copy} ${code ? '' : value}`.trim()}
      copySuccessText={common.copied}
      copyErrorText={common.notCopied}
    />
  );
}

/** With places to break a line where parts of a name, an address or an ARN end. */
export function Breakable({ children: value }: { children: string }) {
  return (
    <Words>
      {value.split(/(?<=[:./-])(?=[^:./-])/).map((part, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts never move
        <Fragment key={i}>
          {i > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </Words>
  );
}

/** Text in the width of code. */
export const Code = ({ children }: { children: string }) => <Box variant="code">{children}</Box>;
