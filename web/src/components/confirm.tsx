import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { useText } from '../i18n';
import { Problem } from './problem';

interface ConfirmProps {
  title: string;
  /** What the button says that does it. */
  submit: string;
  /** What the button says that does nothing, where "Cancel" could be mistaken. */
  keep?: string;
  running: boolean;
  disabled?: boolean;
  error: unknown;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
}

/** Asks before something is done, and shows why it was refused. */
export function Confirm({
  title,
  submit,
  keep,
  running,
  disabled = false,
  error,
  onSubmit,
  onClose,
  children,
}: ConfirmProps) {
  const { common } = useText();
  const actions = (
    <Box float="right">
      <SpaceBetween direction="horizontal" size="xs">
        <Button variant="link" onClick={onClose}>
          {keep ?? common.cancel}
        </Button>
        <Button variant="primary" loading={running} disabled={disabled} onClick={onSubmit}>
          {submit}
        </Button>
      </SpaceBetween>
    </Box>
  );
  return (
    <Modal visible header={title} footer={actions} onDismiss={onClose} closeAriaLabel={common.close}>
      <SpaceBetween size="m">
        {children}
        {Boolean(error) && <Problem error={error} />}
      </SpaceBetween>
    </Modal>
  );
}
