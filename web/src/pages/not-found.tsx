import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import { useText } from '../i18n';
import { href, paths } from '../paths';
import { Page } from '../shell';
import { useFollow } from '../shell/follow';

export function NotFound() {
  const { common } = useText();
  const follow = useFollow();
  const toCaches = (
    <Button href={href(paths.caches)} onFollow={follow}>
      {common.toCaches}
    </Button>
  );
  return (
    <Page title={common.notFound}>
      <Alert type="warning" header={common.notFound} action={toCaches} />
    </Page>
  );
}
