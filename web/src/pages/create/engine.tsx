import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';
import { Rules } from '../../components/rules';
import type { EngineVersion } from '../../data/create';
import { useText } from '../../i18n';
import { type Draft, enginesOf, type Field, servedBy, versionsOf, withEngine } from './draft';
import { keepsNameRule, nameRules } from './name';

/** What a part of the form gets. */
export interface PartProps {
  draft: Draft;
  onEdit(edits: Partial<Draft>): void;
  /** Fields to say something about: once somebody tried to send the form. */
  wrong: Field[];
}

export function Engine({ draft, onEdit, installed }: PartProps & { installed: EngineVersion[] }) {
  const { create, caches } = useText();
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
            onChange={({ detail }) => onEdit(withEngine(detail.value, installed))}
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
            onChange={({ detail }) => onEdit({ version: detail.selectedOption.value })}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}

export function Info({ draft, onEdit, wrong }: PartProps) {
  const { create } = useText();
  const rules = nameRules.map((rule) => ({ text: create.nameRules[rule], kept: keepsNameRule(rule, draft.name) }));
  return (
    <Container header={<Header variant="h2">{create.info}</Header>}>
      <SpaceBetween size="l">
        <FormField
          label={create.name}
          description={create.nameHint}
          errorText={wrong.includes('name') && create.nameWrong}
          constraintText={<Rules rules={rules} />}
        >
          <Input
            value={draft.name}
            onChange={({ detail }) => onEdit({ name: detail.value.trim() })}
            autoComplete="off"
            spellcheck={false}
          />
        </FormField>
        <FormField
          label={
            <>
              {create.description} <i>{create.optional}</i>
            </>
          }
        >
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
