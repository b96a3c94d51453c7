import Badge, { type BadgeProps } from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Icon from '@cloudscape-design/components/icon';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import type { Credential, TokenPreview } from '../../../api/own';
import { divider, radius } from '../../../components/tokens';
import { useFormats, useText } from '../../../i18n';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import { type Fate, none, waysOf } from './picture';
import './picture.css';

/** The credentials that are accepted now and afterwards, side by side, and what becomes of each. */
export function Picture({ preview }: { preview: TokenPreview }) {
  const modify = usePageText(modifyWords);
  const ways = waysOf(preview);
  const fate = new Map(ways.map((way) => [way.credential, way.fate]));
  const refused = preview.After.length === 0;
  return (
    <div className="modify-picture">
      <Panel title={modify.before}>
        <CredentialList credentials={preview.Before} fate={fate} />
      </Panel>
      <div className="modify-picture-arrow">
        <Icon name="arrow-right" size="medium" variant="subtle" />
      </div>
      <Panel title={modify.after}>
        {refused ? (
          <Box color="text-body-secondary">{modify.unchanged}</Box>
        ) : (
          <CredentialList credentials={preview.After} fate={fate} />
        )}
      </Panel>
    </div>
  );
}

function Panel({ title, children }: { title: string; children: ReactNode }) {
  const style = {
    border: `1px solid ${divider}`,
    borderRadius: radius,
    padding: 16,
  };
  return (
    <div style={style}>
      <SpaceBetween size="xs">
        <Box variant="h3">{title}</Box>
        {children}
      </SpaceBetween>
    </div>
  );
}

const colors: Record<Fate, BadgeProps['color']> = { stays: 'grey', ends: 'red', added: 'green', refused: 'grey' };

interface CredentialListProps {
  credentials: Pick<Credential, 'Fingerprint' | 'AddedAt'>[];
  fate?: Map<string, Fate>;
}

/** Oldest first. */
export function CredentialList({ credentials, fate }: CredentialListProps) {
  const modify = usePageText(modifyWords);
  const formats = useFormats();
  return (
    <SpaceBetween size="xs">
      {credentials.map(({ Fingerprint, AddedAt }) => {
        const what = fate?.get(Fingerprint);
        return (
          <SpaceBetween key={Fingerprint} direction="horizontal" size="xs">
            <Icon name={Fingerprint === none ? 'unlocked' : 'key'} />
            <CredentialName fingerprint={Fingerprint} />
            {what && <Badge color={colors[what]}>{modify.fate[what]}</Badge>}
            {AddedAt && <Box color="text-body-secondary">{modify.since(formats.dateTime(AddedAt))}</Box>}
          </SpaceBetween>
        );
      })}
    </SpaceBetween>
  );
}

export function CredentialName({ fingerprint }: { fingerprint: string }) {
  const { common } = useText();
  return <>{fingerprint === none ? common.credential.none : common.credential.token(fingerprint)}</>;
}
