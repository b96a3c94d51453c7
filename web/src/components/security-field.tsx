import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Multiselect, { type MultiselectProps } from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { SecurityGroup } from '../api/own';
import { type IdChoice, type IdProblem, idsOf, isId, isOfEC2 } from '../cache/security';
import { useSecurity } from '../data/security';
import { useText } from '../i18n';
import { usePageText } from '../i18n/page-text';
import { securityWords } from '../i18n/security';
import { SecurityEffect } from './security-effect';

interface SecurityFieldProps {
  value: IdChoice;
  onChange(value: IdChoice): void;
  problem: IdProblem | undefined; // to say something about
}

/** The security groups of a cache: those that are known here to choose from, any other id to type. */
export function SecurityField({ value, onChange, problem }: SecurityFieldProps) {
  const { field } = usePageText(securityWords);
  const said = problem && field.wrong[problem];
  return (
    <SpaceBetween size="s">
      <FormField label={field.label} description={field.hint} errorText={problem !== 'form' && said}>
        <Known chosen={value.chosen} onChange={(chosen) => onChange({ ...value, chosen })} />
      </FormField>
      <FormField label={field.other} description={field.otherHint} errorText={problem === 'form' && said}>
        <Input
          value={value.typed}
          onChange={({ detail }) => onChange({ ...value, typed: detail.value })}
          autoComplete="off"
          spellcheck={false}
        />
      </FormField>
      <SecurityEffect ids={idsOf(value).filter(isId)} />
    </SpaceBetween>
  );
}

/** What is chosen may be an id that nobody knows here: the cache has it already. */
function Known({ chosen, onChange }: { chosen: string[]; onChange(chosen: string[]): void }) {
  const { common } = useText();
  const security = usePageText(securityWords);
  const { field } = security;
  const { data: known, isPending, error, refetch } = useSecurity();
  const option = (group: SecurityGroup): MultiselectProps.Option => ({
    value: group.SecurityGroupId,
    label: group.GroupName,
    description: [group.SecurityGroupId, isOfEC2(group) && 'EC2', field.rules(group.Rules.length)]
      .filter(Boolean)
      .join(' · '),
    disabled: group.GoneSince !== undefined, // the service would refuse it
  });
  const options = (known?.groups ?? []).map(option);
  const selected = chosen.map(
    (id) =>
      options.find(({ value }) => value === id) ?? {
        value: id,
        label: id,
        description: isPending ? undefined : field.notKnown,
      },
  );
  return (
    <Multiselect
      options={options}
      selectedOptions={selected}
      placeholder={field.choose}
      filteringType="auto"
      filteringPlaceholder={security.find}
      filteringAriaLabel={security.find}
      deselectAriaLabel={({ label }) => field.remove(label ?? '')}
      empty={field.noneKnown}
      noMatch={security.noMatch}
      statusType={error ? 'error' : isPending ? 'loading' : 'finished'}
      loadingText={common.loading}
      errorText={common.failedToLoad}
      recoveryText={common.retry}
      onLoadItems={() => error && refetch()}
      onChange={({ detail }) => onChange(detail.selectedOptions.map(({ value }) => value ?? ''))}
    />
  );
}
