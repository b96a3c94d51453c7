import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import { Optional } from '../../components/optional';
import { Rules } from '../../components/rules';
import type { EngineVersion } from '../../data/create';
import { useText } from '../../i18n';
import { createWords } from '../../i18n/create';
import { usePageText } from '../../i18n/page-text';
import {
  type Draft,
  enginesOf,
  type Field,
  familyOf,
  type Refusals,
  servedBy,
  versionsOf,
  withEngine,
  withVersion,
} from './draft';
import { ParameterGroup } from './groups';
import { keepsNameRule, nameRules } from './name';

/** What a part of the form gets. */
export interface PartProps {
  draft: Draft;
  onEdit(edits: Partial<Draft>): void;
  /** Fields to say something about: once somebody tried to send the form. */
  wrong: Field[];
  /** What the service said about fields. */
  refused: Refusals;
}

export function Engine({ draft, onEdit, refused, installed }: PartProps & { installed: EngineVersion[] }) {
  const { caches } = useText();
  const create = usePageText(createWords);
  const options = versionsOf(draft.engine, installed).map((value) => {
    const build = servedBy(draft.engine, value, installed);
    return { value, description: build && caches.servedBy(build) };
  });
  return (
    <Container header={<Header variant="h2">{create.engine}</Header>}>
      <SpaceBetween size="l">
        <FormField label={create.engine} description={create.engineHint} stretch>
          <Tiles
            value={draft.engine}
            onChange={({ detail }) => onEdit(withEngine(draft, detail.value, installed))}
            items={enginesOf(installed).map((engine) => ({
              value: engine,
              label: caches.engines[engine] ?? engine,
              description: create.engines[engine],
            }))}
          />
        </FormField>
        <FormField label={create.version} description={create.versionHint}>
          <Select
            selectedOption={{ value: draft.version }}
            options={options}
            onChange={({ detail }) =>
              onEdit(withVersion(draft, draft.engine, detail.selectedOption.value ?? '', installed))
            }
          />
        </FormField>
        <ParameterGroup
          family={familyOf(draft, installed)}
          value={draft.parameterGroup}
          onChange={(parameterGroup) => onEdit({ parameterGroup })}
          refusal={refused.parameterGroup}
        />
      </SpaceBetween>
    </Container>
  );
}

export function Info({ draft, onEdit, wrong, refused }: PartProps) {
  const create = usePageText(createWords);
  const rules = nameRules.map((rule) => ({ text: create.nameRules[rule], kept: keepsNameRule(rule, draft.name) }));
  return (
    <Container header={<Header variant="h2">{create.info}</Header>}>
      <SpaceBetween size="l">
        <FormField
          label={create.name}
          description={create.nameHint}
          errorText={wrong.includes('name') ? create.nameWrong : refused.name}
          constraintText={<Rules rules={rules} />}
        >
          <Input
            value={draft.name}
            onChange={({ detail }) => onEdit({ name: detail.value.trim() })}
            autoComplete="off"
            spellcheck={false}
          />
        </FormField>
        <FormField label={<Optional>{create.description}</Optional>}>
          <Input
            value={draft.description}
            onChange={({ detail }) => onEdit({ description: detail.value })}
            autoComplete="off"
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}
