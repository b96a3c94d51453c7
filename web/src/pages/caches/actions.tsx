import Button from '@cloudscape-design/components/button';
import ButtonDropdown, { type ButtonDropdownProps } from '@cloudscape-design/components/button-dropdown';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useLocation } from 'wouter';
import type { Obstacle } from '../../cache/offers';
import { useText } from '../../i18n';
import type { Dictionary } from '../../i18n/en';
import { href, paths } from '../../paths';
import { useFollow } from '../../shell/follow';
import type { Row } from './rows';

/** What can be done with the caches that are selected. */
export function actionsFor(selected: Row[], { common, caches, offers }: Dictionary): ButtonDropdownProps.Item[] {
  const [only] = selected;
  const say = (obstacle: Obstacle | undefined) => obstacle !== undefined && offers[obstacle];
  const one = (...reasons: (string | false)[]) => reasonAgainst(selected.length !== 1 && caches.selectOne, ...reasons);
  const deletion = selected.map((row) => row.obstacles.delete).find(Boolean);
  return [
    { id: 'modify', text: common.modify, ...one(say(only?.obstacles.modify)) },
    {
      id: 'rotate',
      text: caches.rotate,
      ...one(only?.kind === 'cluster' && caches.noGroup, say(only?.obstacles.rotate)),
    },
    { id: 'delete', text: common.delete, ...reasonAgainst(selected.length === 0 && caches.selectSome, say(deletion)) },
  ];
}

function reasonAgainst(...reasons: (string | false)[]) {
  const disabledReason = reasons.find((reason) => reason !== false);
  return disabledReason ? { disabled: true, disabledReason } : { disabled: false };
}

export function Actions({ selected, onDelete }: { selected: Row[]; onDelete(): void }) {
  const text = useText();
  const follow = useFollow();
  const [, navigate] = useLocation();
  const act = (action: string) => {
    const id = selected[0]?.id ?? '';
    if (action === 'modify') navigate(paths.modify(id));
    if (action === 'rotate') navigate(paths.rotation(id));
    if (action === 'delete') onDelete();
  };
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <ButtonDropdown items={actionsFor(selected, text)} onItemClick={({ detail }) => act(detail.id)}>
        {text.caches.actions}
      </ButtonDropdown>
      <Button variant="primary" href={href(paths.create)} onFollow={follow}>
        {text.common.create}
      </Button>
    </SpaceBetween>
  );
}
