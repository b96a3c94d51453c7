import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useText } from '../i18n';
import { href, paths } from '../paths';
import { Page } from '../shell';
import { useFollow } from '../shell/follow';

/** The page of a cache that there is not, or not any more. */
export function Gone({ id }: { id: string }) {
  const { common } = useText();
  const follow = useFollow();
  const toCaches = (
    <Button href={href(paths.caches)} onFollow={follow}>
      {common.toCaches}
    </Button>
  );
  return (
    <Page title={id} crumbs={[{ text: id, path: paths.group(id) }]}>
      <SpaceBetween size="l">
        <Header variant="h1">{id}</Header>
        <Alert type="warning" header={common.gone(id)} action={toCaches}>
          {common.goneDetail}
        </Alert>
      </SpaceBetween>
    </Page>
  );
}
