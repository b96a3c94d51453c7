import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { defaultOf, goesWith } from '../../../cache/parameters';
import { nameOf, sayVersion, upgradesOf, type Version } from '../../../cache/upgrades';
import { useVersions } from '../../../data/create';
import { useParameterGroups } from '../../../data/parameters';
import { useText } from '../../../i18n';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import { href, paths } from '../../../paths';
import { useFollow } from '../../../shell/follow';
import type { Subject } from '../plan';
import type { DetailsProps } from './details';

interface EngineProps extends DetailsProps {
  subject: Subject;
  now: Version; // as the cache has it
}

/** Another version of the engine, and the parameter group that goes with it. */
export function Engine({ subject: { group, member }, now, settings, onEdit }: EngineProps) {
  const modify = usePageText(modifyWords);
  const parameterGroup = member?.CacheParameterGroup?.CacheParameterGroupName ?? '';
  const pendingVersion = member?.PendingModifiedValues?.EngineVersion;
  const versions = useVersions();
  const offered = versions.data ?? [];
  const upgrades = upgradesOf(now, offered, !group);
  const groups = useParameterGroups().data ?? [];
  const familyOfGroup = (name: string) =>
    groups.find((g) => g.CacheParameterGroupName === name)?.CacheParameterGroupFamily;
  const chosen = offered.find((v) => nameOf(v) === settings.version);
  const family = chosen?.family ?? familyOfGroup(settings.parameterGroup);
  const hint = group ? modify.versionHint : modify.versionHintAlone;
  const choose = (version: string) => {
    const needed = offered.find((v) => nameOf(v) === version)?.family;
    const fits = !needed || familyOfGroup(parameterGroup) === needed;
    onEdit({ version, parameterGroup: fits ? undefined : defaultOf(needed) });
  };
  return (
    <Container header={<Header variant="h2">{modify.engine}</Header>}>
      <SpaceBetween size="l">
        <FormField
          label={modify.setting.version}
          description={versions.data && upgrades.length === 0 ? modify.newest : hint}
          constraintText={
            pendingVersion ? modify.pending(pendingVersion) : chosen?.servedBy && modify.servedBy(chosen.servedBy)
          }
        >
          <VersionChoice now={now} upgrades={upgrades} value={settings.version} onChange={choose} />
        </FormField>
        <FormField
          label={modify.setting.parameterGroup}
          description={modify.parameterGroupHint}
          constraintText={<ToParameterGroups />}
        >
          <Select
            selectedOption={{ value: settings.parameterGroup }}
            options={groups
              .filter((group) => goesWith(group, family))
              .map((group) => ({ value: group.CacheParameterGroupName, description: group.Description }))}
            filteringType="auto"
            filteringAriaLabel={modify.findParameterGroup}
            filteringPlaceholder={modify.findParameterGroup}
            onChange={({ detail }) => onEdit({ parameterGroup: detail.selectedOption.value })}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}

interface VersionChoiceProps {
  now: Version;
  upgrades: Version[];
  value: string;
  onChange(version: string): void;
}

function VersionChoice({ now, upgrades, value, onChange }: VersionChoiceProps) {
  const { caches } = useText();
  const option = (v: Version) => ({
    value: nameOf(v),
    label: sayVersion(nameOf(v), caches.engines),
    description: v.servedBy && caches.servedBy(v.servedBy),
  });
  const options = [option(now), ...upgrades.map(option)];
  return (
    <Select
      selectedOption={options.find((o) => o.value === value) ?? null}
      options={options}
      disabled={upgrades.length === 0}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? value)}
    />
  );
}

function ToParameterGroups() {
  const modify = usePageText(modifyWords);
  const follow = useFollow();
  return (
    <Link href={href(paths.parameters)} onFollow={follow} fontSize="inherit">
      {modify.toParameterGroups}
    </Link>
  );
}
