import Box from '@cloudscape-design/components/box';
import Spinner from '@cloudscape-design/components/spinner';
import { useText } from '../i18n';
import { Page } from '../shell';

/** In the place of a page that is on its way. */
export function Loading() {
  const { common } = useText();
  return (
    <Page title={common.loading}>
      <Box textAlign="center" padding="xxl">
        <Spinner size="large" /> {common.loading}
      </Box>
    </Page>
  );
}
