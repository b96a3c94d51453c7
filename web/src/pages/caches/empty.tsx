import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { useText } from '../../i18n';
import { href, paths } from '../../paths';
import { useFollow } from '../../shell/follow';

/** In the place of the list while there is no cache at all. */
export function Empty() {
  const { common, caches } = useText();
  const follow = useFollow();
  return (
    <Nothing title={caches.none} detail={caches.noneDetail}>
      <Button href={href(paths.create)} onFollow={follow}>
        {common.create}
      </Button>
    </Nothing>
  );
}

/** In the place of the list while the filter leaves nothing. */
export function NoMatch({ onClear }: { onClear(): void }) {
  const { caches } = useText();
  return (
    <Nothing title={caches.noMatch} detail={caches.noMatchDetail}>
      <Button onClick={onClear}>{caches.clear}</Button>
    </Nothing>
  );
}

function Nothing({ title, detail, children }: { title: string; detail: string; children: ReactNode }) {
  return (
    <Box textAlign="center" color="inherit" margin={{ vertical: 'xs' }}>
      <SpaceBetween size="s">
        <div>
          <b>{title}</b>
          <Box variant="p" color="inherit">
            {detail}
          </Box>
        </div>
        {children}
      </SpaceBetween>
    </Box>
  );
}
