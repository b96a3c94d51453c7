import type { CacheParameterGroup } from '@aws-sdk/client-elasticache';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Grid from '@cloudscape-design/components/grid';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useLocation, useSearch } from 'wouter';
import { Problem } from '../../../components/problem';
import { useParameterGroup, useParameterGroups } from '../../../data/parameters';
import { useText } from '../../../i18n';
import { usePageText } from '../../../i18n/page-text';
import { parameterWords } from '../../../i18n/parameters';
import { comparePath, paths } from '../../../paths';
import { Page } from '../../../shell';
import { Waiting } from '../../loading';
import { Comparison } from './comparison';

/** Two parameter groups beside each other; the address says which. */
export default function CompareParameters() {
  const { common } = useText();
  const { title, comparison: words } = usePageText(parameterWords);
  const asked = new URLSearchParams(useSearch());
  const [, navigate] = useLocation();
  const groups = useParameterGroups();
  const [left, right] = [asked.get('left') ?? '', asked.get('right') ?? ''];
  const first = useParameterGroup(left);
  const second = useParameterGroup(right);
  const failed = [groups, first, second].find(({ error }) => error);
  const go = (a: string, b: string) => navigate(comparePath(a, b), { replace: true });
  const crumbs = [
    { text: title, path: paths.parameters },
    { text: words.title, path: paths.compare },
  ];
  return (
    <Page title={words.title} crumbs={crumbs}>
      <SpaceBetween size="l">
        <Header variant="h1" description={words.intro}>
          {words.title}
        </Header>
        <Container>
          <Grid gridDefinition={[{ colspan: { default: 12, xs: 6 } }, { colspan: { default: 12, xs: 6 } }]}>
            <Choice label={words.left} groups={groups.data} value={left} onChange={(name) => go(name, right)} />
            <Choice label={words.right} groups={groups.data} value={right} onChange={(name) => go(left, name)} />
          </Grid>
        </Container>
        {failed ? (
          <Problem error={failed.error} header={common.failedToLoad} onRetry={failed.refetch} />
        ) : first.data && second.data ? (
          <Comparison left={first.data} right={second.data} />
        ) : (
          (first.isLoading || second.isLoading) && <Waiting>{common.loading}</Waiting>
        )}
      </SpaceBetween>
    </Page>
  );
}

interface ChoiceProps {
  label: string;
  groups: CacheParameterGroup[] | undefined;
  value: string;
  onChange(name: string): void;
}

function Choice({ label, groups, value, onChange }: ChoiceProps) {
  const { common } = useText();
  const { comparison: words } = usePageText(parameterWords);
  return (
    <FormField label={label}>
      <Select
        selectedOption={value ? { value } : null}
        options={(groups ?? []).map((group) => ({
          value: group.CacheParameterGroupName,
          description: group.CacheParameterGroupFamily,
        }))}
        placeholder={words.choose}
        filteringType="auto"
        filteringPlaceholder={words.findGroup}
        filteringAriaLabel={words.findGroup}
        statusType={groups ? 'finished' : 'loading'}
        loadingText={common.loading}
        onChange={({ detail }) => onChange(detail.selectedOption.value ?? '')}
      />
    </FormField>
  );
}
