import Box from '@cloudscape-design/components/box';
import Spinner from '@cloudscape-design/components/spinner';
import type { ReactNode } from 'react';
import { useText } from '../i18n';
import { Page } from '../shell';

/** In the place of a page that is on its way. */
export function Loading() {
  const { common } = useText();
  return (
    <Page title={common.loading}>
      <Waiting>{common.loading}</Waiting>
    </Page>
  );
}

/** In the place of what is on its way. */
export function Waiting({ children }: { children: ReactNode }) {
  return (
    <Box textAlign="center" padding="xxl">
      <Spinner size="large" /> {children}
    </Box>
  );
}
