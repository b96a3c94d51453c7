import Box from '@cloudscape-design/components/box';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import { useText } from '../i18n';
import { nothing } from '../i18n/format';

/** A value that people paste elsewhere. */
export function Copyable({ value, code = false }: { value: string | undefined; code?: boolean }) {
  const { common } = useText();
  if (!value) return <>{nothing}</>;
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={value}
      textToDisplay={value}
      copyButtonAriaLabel={`${common.copy} ${code ? '' : value}`.trim()}
      copySuccessText={common.copied}
      copyErrorText={common.notCopied}
    />
  );
}

/** Text in the width of code. */
export const Code = ({ children }: { children: string }) => <Box variant="code">{children}</Box>;
