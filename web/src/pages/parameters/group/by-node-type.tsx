import type { CacheNodeTypeSpecificParameter } from '@aws-sdk/client-elasticache';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';
import { nodeTypesOf, valuesFor } from '../../../cache/parameters';
import type { Use } from '../../../cache/uses';
import { Breakable } from '../../../components/copy';
import { useFormats } from '../../../i18n';
import { usePageText } from '../../../i18n/page-text';
import { parameterWords } from '../../../i18n/parameters';

interface ByNodeTypeProps {
  parameters: CacheNodeTypeSpecificParameter[];
  users: Use[];
}

/** Parameters that have a value for each node type, for one of these: at first one that a cache with this group has. */
export function ByNodeType({ parameters, users }: ByNodeTypeProps) {
  const { byNodeType: words } = usePageText(parameterWords);
  const formats = useFormats();
  const [chosen, setChosen] = useState<string>();
  const types = nodeTypesOf(
    parameters,
    users.map(({ nodeType }) => nodeType),
  );
  const nodeType = chosen ?? types.used[0] ?? types.others[0] ?? '';
  const section = (label: string, all: string[]) =>
    all.length > 0 ? [{ label, options: all.map((value) => ({ value })) }] : [];
  return (
    <Container
      header={
        <Header variant="h2" description={words.hint}>
          {words.title}
        </Header>
      }
    >
      <SpaceBetween size="l">
        <FormField label={words.nodeType}>
          <Select
            selectedOption={{ value: nodeType }}
            options={[...section(words.used, types.used), ...section(words.others, types.others)]}
            filteringType="auto"
            filteringAriaLabel={words.find}
            filteringPlaceholder={words.find}
            onChange={({ detail }) => setChosen(detail.selectedOption.value)}
          />
        </FormField>
        <KeyValuePairs
          columns={3}
          minColumnWidth={220}
          items={valuesFor(parameters, nodeType).map(({ name, description, value }) => ({
            label: <Breakable>{name}</Breakable>,
            value: (
              <>
                {formats.number(Number(value))}
                <Box variant="small" display="block">
                  {description}
                </Box>
              </>
            ),
          }))}
        />
      </SpaceBetween>
    </Container>
  );
}
