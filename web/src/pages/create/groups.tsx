// The groups that a new cache names: as the first choice the default one, which the request does not name.
import FormField from '@cloudscape-design/components/form-field';
import Select, { type SelectProps } from '@cloudscape-design/components/select';
import { defaultOf, goesWith } from '../../cache/parameters';
import { Optional } from '../../components/optional';
import { useParameterGroups } from '../../data/parameters';
import { defaultSubnetGroup, useSubnetGroups } from '../../data/subnets';
import { useText } from '../../i18n';
import { createWords } from '../../i18n/create';
import { modifyWords } from '../../i18n/modify';
import { usePageText } from '../../i18n/page-text';

interface GroupProps {
  value: string; // empty: the default one
  onChange(value: string): void;
  refusal: string | undefined; // what the service said about it
}

export function ParameterGroup({ family, ...props }: GroupProps & { family: string }) {
  const create = usePageText(createWords);
  const modify = usePageText(modifyWords);
  const groups = useParameterGroups();
  return (
    <GroupField
      {...props}
      label={modify.setting.parameterGroup}
      description={create.parameterGroupHint(family)}
      find={modify.findParameterGroup}
      usual={defaultOf(family)}
      options={(groups.data ?? [])
        .filter((group) => goesWith(group, family))
        .map((group) => ({ value: group.CacheParameterGroupName, description: group.Description }))}
      read={groups}
    />
  );
}

export function SubnetGroup(props: GroupProps) {
  const create = usePageText(createWords);
  const groups = useSubnetGroups();
  return (
    <GroupField
      {...props}
      label={create.subnetGroup}
      description={create.subnetGroupHint}
      find={create.findSubnetGroup}
      usual={defaultSubnetGroup}
      options={(groups.data ?? []).map((group) => ({
        value: group.CacheSubnetGroupName,
        description: group.CacheSubnetGroupDescription,
      }))}
      read={groups}
    />
  );
}

interface FieldProps extends GroupProps {
  label: string;
  description: string;
  find: string;
  usual: string; // the name of the default one
  options: SelectProps.Option[];
  read: { data?: unknown; error: unknown; refetch(): void }; // where the options come from
}

function GroupField({ label, description, find, usual, options, read, value, onChange, refusal }: FieldProps) {
  const { common } = useText();
  const isUsual = (option: SelectProps.Option) => option.value === usual;
  const choose = (name: string) => onChange(name === usual ? '' : name);
  return (
    <FormField label={<Optional>{label}</Optional>} description={description} errorText={refusal}>
      <Select
        selectedOption={{ value: value || usual }}
        options={[...options.filter(isUsual), ...options.filter((option) => !isUsual(option))]}
        filteringType="auto"
        filteringAriaLabel={find}
        filteringPlaceholder={find}
        statusType={read.error ? 'error' : read.data ? 'finished' : 'loading'}
        loadingText={common.loading}
        errorText={common.failedToLoad}
        recoveryText={common.retry}
        onLoadItems={() => read.error && read.refetch()}
        onChange={({ detail }) => choose(detail.selectedOption.value ?? '')}
      />
    </FormField>
  );
}
