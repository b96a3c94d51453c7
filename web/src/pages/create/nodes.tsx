import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { nodeTypes } from '../../cache/node-types';
import { replicasMax } from '../../cache/offers';
import { createWords } from '../../i18n/create';
import { usePageText } from '../../i18n/page-text';
import { failsOver, ports, spreads } from './draft';
import type { PartProps } from './engine';
import { SubnetGroup } from './groups';

const replicaCounts = Array.from({ length: replicasMax + 1 }, (_, n) => ({ value: String(n) }));
const typeOptions = nodeTypes.map(({ family, types }) => ({
  label: family,
  options: types.map((type) => ({ value: type })),
}));

export function Nodes({ draft, onEdit, wrong, refused }: PartProps) {
  const create = usePageText(createWords);
  return (
    <Container header={<Header variant="h2">{create.nodes}</Header>}>
      <SpaceBetween size="l">
        <FormField label={create.nodeType} description={create.nodeTypeHint}>
          <Select
            selectedOption={{ value: draft.nodeType }}
            options={typeOptions}
            filteringType="auto"
            filteringAriaLabel={create.findNodeType}
            filteringPlaceholder={create.findNodeType}
            onChange={({ detail }) => onEdit({ nodeType: detail.selectedOption.value })}
          />
        </FormField>
        <FormField label={create.replicas} description={create.replicasHint}>
          <Select
            selectedOption={{ value: String(draft.replicas) }}
            options={replicaCounts}
            onChange={({ detail }) => onEdit({ replicas: Number(detail.selectedOption.value) })}
          />
        </FormField>
        <Toggle
          checked={failsOver(draft)}
          disabled={draft.replicas === 0}
          description={draft.replicas === 0 ? create.failoverNeedsReplica : create.failoverHint}
          onChange={({ detail }) => onEdit({ automaticFailover: detail.checked })}
        >
          {create.failover}
        </Toggle>
        <Toggle
          checked={spreads(draft)}
          disabled={!failsOver(draft)}
          description={failsOver(draft) ? create.multiAZHint : create.multiAZNeedsFailover}
          onChange={({ detail }) => onEdit({ multiAZ: detail.checked })}
        >
          {create.multiAZ}
        </Toggle>
        <FormField
          label={create.port}
          constraintText={create.portRule(ports.min, ports.max)}
          errorText={wrong.includes('port') && create.portWrong(ports.min, ports.max)}
        >
          <Input
            value={draft.port}
            inputMode="numeric"
            onChange={({ detail }) => onEdit({ port: detail.value.trim() })}
            autoComplete="off"
          />
        </FormField>
        <SubnetGroup
          value={draft.subnetGroup}
          onChange={(subnetGroup) => onEdit({ subnetGroup })}
          refusal={refused.subnetGroup}
        />
      </SpaceBetween>
    </Container>
  );
}
