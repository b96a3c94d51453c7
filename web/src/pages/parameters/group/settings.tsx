import { useCollection } from '@cloudscape-design/collection-hooks';
import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import Header from '@cloudscape-design/components/header';
import Pagination from '@cloudscape-design/components/pagination';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table, { type TableProps } from '@cloudscape-design/components/table';
import TextFilter from '@cloudscape-design/components/text-filter';
import Toggle from '@cloudscape-design/components/toggle';
import { useState } from 'react';
import { isChanged, isDefault, passes, type Setting } from '../../../cache/parameters';
import { labelled } from '../../../components/labelled';
import { nothing } from '../../../i18n/format';
import { usePageText } from '../../../i18n/page-text';
import { parameterWords } from '../../../i18n/parameters';
import { useAllowedWords } from './allowed';

const pageSize = 100;

interface SettingsProps {
  name: string; // of the group
  settings: Setting[];
  onChange(setting: Setting): void;
  onReset(setting: Setting): void;
}

/** All parameters of a group, beside what the family has by default. */
export function Settings({ name, settings, onChange, onReset }: SettingsProps) {
  const words = usePageText(parameterWords);
  const [filter, setFilter] = useState({ text: '', changedOnly: false });
  const matching = settings.filter(passes(filter));
  const { items, paginationProps } = useCollection(matching, { pagination: { pageSize } });
  const columns = useColumns(name, onChange, onReset);
  const none = filter.changedOnly && !filter.text ? words.noneChanged : words.noParameter;
  return (
    <Table
      wrapLines
      items={items}
      trackBy="name"
      ariaLabels={{ tableLabel: words.parametersOf(name) }}
      header={
        <Header variant="h2" counter={`(${matching.length}/${settings.length})`}>
          {words.parameters}
        </Header>
      }
      filter={
        <SpaceBetween size="xs">
          <TextFilter
            filteringText={filter.text}
            onChange={({ detail }) => setFilter({ ...filter, text: detail.filteringText })}
            filteringPlaceholder={words.findParameter}
            filteringAriaLabel={words.findParameter}
            countText={words.matches(matching.length)}
          />
          <Toggle
            checked={filter.changedOnly}
            onChange={({ detail }) => setFilter({ ...filter, changedOnly: detail.checked })}
          >
            {words.changedOnly}
          </Toggle>
        </SpaceBetween>
      }
      pagination={matching.length > pageSize && <Pagination {...paginationProps} />}
      empty={none}
      columnDefinitions={columns}
    />
  );
}

function useColumns(
  name: string,
  onChange: (setting: Setting) => void,
  onReset: (setting: Setting) => void,
): TableProps.ColumnDefinition<Setting>[] {
  const words = usePageText(parameterWords);
  const allowed = useAllowedWords();
  const modifiable = ({ modifiable: can, reboot }: Setting) =>
    can ? (reboot ? words.yesReboot : words.yes) : words.no;
  const action = {
    id: 'action',
    header: words.action,
    cell: (setting: Setting) => <RowActions setting={setting} onChange={onChange} onReset={onReset} />,
    minWidth: 110,
  };
  return labelled<Setting>([
    {
      id: 'name',
      header: words.parameter,
      cell: (setting) => (
        <>
          {setting.name}
          <Box variant="small" display="block">
            {setting.description}
          </Box>
        </>
      ),
      isRowHeader: true,
      minWidth: 220,
    },
    { id: 'value', header: words.value, cell: (setting) => <Value setting={setting} />, minWidth: 130 },
    { id: 'usual', header: words.usual, cell: ({ usual }) => usual || nothing, minWidth: 110 },
    { id: 'allowed', header: words.allowed, cell: allowed, minWidth: 140 },
    { id: 'modifiable', header: words.modifiable, cell: modifiable, minWidth: 100 },
    { id: 'source', header: words.source, cell: ({ chosen }) => words.sources[chosen ? 'user' : 'system'] },
    ...(isDefault(name) ? [] : [action]),
  ]);
}

function Value({ setting }: { setting: Setting }) {
  const words = usePageText(parameterWords);
  if (!isChanged(setting)) return <>{setting.value || nothing}</>;
  return (
    <>
      <b>{setting.value || words.change.empty}</b> <Badge color="blue">{words.changed}</Badge>
    </>
  );
}

interface RowActionsProps {
  setting: Setting;
  onChange(setting: Setting): void;
  onReset(setting: Setting): void;
}

function RowActions({ setting, onChange, onReset }: RowActionsProps) {
  const words = usePageText(parameterWords);
  if (!setting.modifiable) return <>{nothing}</>;
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <Button variant="inline-link" ariaLabel={words.change.openOf(setting.name)} onClick={() => onChange(setting)}>
        {words.change.open}
      </Button>
      {setting.chosen && (
        <Button variant="inline-link" ariaLabel={words.reset.openOf(setting.name)} onClick={() => onReset(setting)}>
          {words.reset.open}
        </Button>
      )}
    </SpaceBetween>
  );
}
