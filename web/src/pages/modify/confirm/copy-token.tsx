import Alert from '@cloudscape-design/components/alert';
import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';
import { useText } from '../../../i18n';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';

/** The last chance to keep a new token: nobody can show it again. */
export function CopyToken({ token }: { token: string }) {
  const { common, tokenField } = useText();
  const modify = usePageText(modifyWords);
  return (
    <Alert
      type="info"
      header={modify.keepToken}
      action={
        <CopyToClipboard
          variant="button"
          textToCopy={token}
          copyButtonText={tokenField.copy}
          copySuccessText={common.copied}
          copyErrorText={tokenField.notCopied}
        />
      }
    >
      {modify.keepTokenHint}
    </Alert>
  );
}
