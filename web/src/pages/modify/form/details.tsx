import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Link from '@cloudscape-design/components/link';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Toggle from '@cloudscape-design/components/toggle';
import type { Obstacle } from '../../../cache/offers';
import { sayWindow } from '../../../cache/window';
import { WindowField } from '../../../components/window-field';
import { useNodeTypes } from '../../../data/group';
import { useLanguage, useText } from '../../../i18n';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import { href, paths } from '../../../paths';
import { useFollow } from '../../../shell/follow';
import type { Edits, Settings, Subject } from '../plan';

export interface DetailsProps {
  settings: Settings; // as the form has them
  onEdit(edits: Edits): void;
}

/** What it is for, and how large. A cluster on its own has neither a description nor replicas. */
export function Details({ subject, settings, onEdit }: DetailsProps & { subject: Subject }) {
  const modify = usePageText(modifyWords);
  const { id, group, member } = subject;
  const pending = member?.PendingModifiedValues?.CacheNodeType;
  return (
    <Container header={<Header variant="h2">{modify.details}</Header>}>
      <SpaceBetween size="l">
        {group && (
          <FormField label={modify.setting.description}>
            <Input
              value={settings.description}
              onChange={({ detail }) => onEdit({ description: detail.value })}
              autoComplete="off"
            />
          </FormField>
        )}
        <FormField
          label={modify.setting.nodeType}
          description={modify.nodeTypeHint}
          constraintText={pending && modify.pending(pending)}
        >
          <NodeType
            id={id}
            alone={!group}
            now={(group ?? member)?.CacheNodeType ?? ''}
            value={settings.nodeType}
            onChange={(nodeType) => onEdit({ nodeType })}
          />
        </FormField>
        {group && <Replicas id={id} />}
      </SpaceBetween>
    </Container>
  );
}

interface NodeTypeProps {
  id: string;
  alone: boolean; // a cluster that is in no group
  now: string;
  value: string;
  onChange(type: string): void;
}

/** What the service would give the nodes. */
function NodeType({ id, alone, now, value, onChange }: NodeTypeProps) {
  const { common } = useText();
  const modify = usePageText(modifyWords);
  const { data: types, error, refetch } = useNodeTypes(id, alone);
  const section = (label: string, all: string[] = []) =>
    all.length > 0 ? [{ label, options: all.map((type) => ({ value: type })) }] : [];
  const options = [
    ...section(modify.nodeTypes.now, [now]),
    ...section(modify.nodeTypes.larger, types?.larger),
    ...section(modify.nodeTypes.smaller, types?.smaller),
  ];
  return (
    <Select
      selectedOption={{ value }}
      options={options}
      filteringType="auto"
      filteringAriaLabel={modify.findNodeType}
      filteringPlaceholder={modify.findNodeType}
      statusType={error ? 'error' : types ? 'finished' : 'loading'}
      loadingText={common.loading}
      errorText={common.failedToLoad}
      recoveryText={common.retry}
      onLoadItems={() => error && refetch()}
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

interface MaintenanceProps extends DetailsProps {
  /** Whether what can wait is to wait; undefined: nothing changes that can. */
  later: boolean | undefined;
  onLater(later: boolean): void;
}

export function Maintenance({ settings, onEdit, later, onLater }: MaintenanceProps) {
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
        {later !== undefined && <When window={settings.maintenanceWindow} later={later} onChange={onLater} />}
      </SpaceBetween>
    </Container>
  );
}

interface WhenProps {
  window: string;
  later: boolean;
  onChange(later: boolean): void;
}

/** Whether what can wait for the maintenance window does. */
function When({ window, later, onChange }: WhenProps) {
  const modify = usePageText(modifyWords);
  const { language } = useLanguage();
  return (
    <FormField label={modify.when} description={modify.whenHint}>
      <RadioGroup
        value={later ? 'later' : 'now'}
        onChange={({ detail }) => onChange(detail.value === 'later')}
        items={[
          { value: 'now', label: modify.whens.now, description: modify.whensHint.now },
          {
            value: 'later',
            label: modify.whens.later,
            description: modify.whensHint.later(sayWindow(window, language)),
          },
        ]}
      />
    </FormField>
  );
}
