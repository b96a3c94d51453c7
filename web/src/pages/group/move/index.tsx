import Box from '@cloudscape-design/components/box';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useState } from 'react';
import type { CacheMove } from '../../../api/own';
import { useBlocked } from '../../../components/blocked';
import { Problem } from '../../../components/problem';
import { type Movable, useMove } from '../../../data/move';
import { useText } from '../../../i18n';
import { MoveDialog } from './move-dialog';
import { otherPlans } from './state';
import { UnderWay } from './under-way';

/** How clients reach a cache, and its move to other addresses. */
export function AddressPlan({ cache }: { cache: Movable }) {
  const { group: text } = useText();
  const { data, error, isPending, refetch } = useMove(cache);
  const [to, setTo] = useState<string>();
  const { addressPlan } = text.facts;
  const words = text.move;
  return (
    <Container
      header={
        <Header variant="h2" actions={data && !data.Move && <MoveTo now={data} onChoose={setTo} />}>
          {addressPlan}
        </Header>
      }
    >
      <SpaceBetween size="l">
        {error && <Problem error={error} header={words.unread} onRetry={refetch} />}
        {isPending && <StatusIndicator type="loading">{words.asking}</StatusIndicator>}
        {data && <Box>{text.addressPlans[data.AddressPlan] ?? data.AddressPlan}</Box>}
        {data?.Move && <UnderWay cache={cache} now={data} move={data.Move} />}
      </SpaceBetween>
      {to && <MoveDialog cache={cache} to={to} onClose={() => setTo(undefined)} />}
    </Container>
  );
}

function MoveTo({ now, onChoose }: { now: CacheMove; onChoose: (plan: string) => void }) {
  const { addressPlans, move: words } = useText().group;
  const blocked = useBlocked();
  return (
    <ButtonDropdown
      items={otherPlans(now.AddressPlan).map((plan) => ({ id: plan, text: addressPlans[plan] ?? plan }))}
      onItemClick={({ detail }) => onChoose(detail.id)}
      {...blocked(now.Status === 'available' ? undefined : 'busy')}
    >
      {words.to}
    </ButtonDropdown>
  );
}
