import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Link from '@cloudscape-design/components/link';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import { nodeTypes } from '../../../cache/node-types';
import type { Obstacle } from '../../../cache/offers';
import { WindowField } from '../../../components/window-field';
import { useText } from '../../../i18n';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import { href, paths } from '../../../paths';
import { useFollow } from '../../../shell/follow';
import type { Edits, Settings } from '../plan';

export interface DetailsProps {
  settings: Settings; // as the form has them
  onEdit(edits: Edits): void;
}

export function Details({ id, pendingType, settings, onEdit }: DetailsProps & { id: string; pendingType?: string }) {
  const modify = usePageText(modifyWords);
  return (
    <Container header={<Header variant="h2">{modify.details}</Header>}>
      <SpaceBetween size="l">
        <FormField label={modify.setting.description}>
          <Input
            value={settings.description}
            onChange={({ detail }) => onEdit({ description: detail.value })}
            autoComplete="off"
          />
        </FormField>
        <FormField
          label={modify.setting.nodeType}
          description={modify.nodeTypeHint}
          constraintText={pendingType && modify.nodeTypePending(pendingType)}
        >
          <NodeType value={settings.nodeType} onChange={(nodeType) => onEdit({ nodeType })} />
        </FormField>
        <Replicas id={id} />
      </SpaceBetween>
    </Container>
  );
}

function NodeType({ value, onChange }: { value: string; onChange(type: string): void }) {
  const modify = usePageText(modifyWords);
  const options = nodeTypes.map(({ family, types }) => ({
    label: family,
    options: types.map((type) => ({ value: type })),
  }));
  return (
    <Select
      selectedOption={{ value }}
      options={options}
      filteringType="auto"
      filteringAriaLabel={modify.findNodeType}
      filteringPlaceholder={modify.findNodeType}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? value)}
    />
  );
}

function Replicas({ id }: { id: string }) {
  const modify = usePageText(modifyWords);
  const follow = useFollow();
  return (
    <FormField label={modify.replicas} description={modify.replicasHint}>
      <Link href={href(paths.group(id, 'nodes'))} onFollow={follow}>
        {modify.toNodes}
      </Link>
    </FormField>
  );
}

interface AvailabilityProps extends DetailsProps {
  obstacle: Obstacle | undefined; // to automatic failover
}

/** Zones need automatic failover, so they go with it. */
export function Availability({ settings, onEdit, obstacle }: AvailabilityProps) {
  const { offers } = useText();
  const modify = usePageText(modifyWords);
  const { automaticFailover, multiAZ } = settings;
  const impossible = obstacle === 'noReplica' || obstacle === 'failover' ? offers[obstacle] : undefined;
  return (
    <Container header={<Header variant="h2">{modify.availability}</Header>}>
      <SpaceBetween size="l">
        <Toggle
          checked={automaticFailover}
          disabled={Boolean(impossible)}
          description={impossible ?? modify.automaticFailoverHint}
          onChange={({ detail: { checked } }) =>
            onEdit(checked ? { automaticFailover: true } : { automaticFailover: false, multiAZ: false })
          }
        >
          {modify.setting.automaticFailover}
        </Toggle>
        <Toggle
          checked={multiAZ}
          disabled={!automaticFailover}
          description={modify.multiAZHint}
          onChange={({ detail }) => onEdit({ multiAZ: detail.checked })}
        >
          {modify.setting.multiAZ}
        </Toggle>
      </SpaceBetween>
    </Container>
  );
}

export function Maintenance({ settings, onEdit }: DetailsProps) {
  const modify = usePageText(modifyWords);
  return (
    <Container header={<Header variant="h2">{modify.maintenance}</Header>}>
      <SpaceBetween size="l">
        <WindowField
          value={settings.maintenanceWindow}
          onChange={(maintenanceWindow) => onEdit({ maintenanceWindow })}
        />
        <Toggle
          checked={settings.autoMinorVersionUpgrade}
          description={modify.autoMinorVersionUpgradeHint}
          onChange={({ detail }) => onEdit({ autoMinorVersionUpgrade: detail.checked })}
        >
          {modify.setting.autoMinorVersionUpgrade}
        </Toggle>
      </SpaceBetween>
    </Container>
  );
}
