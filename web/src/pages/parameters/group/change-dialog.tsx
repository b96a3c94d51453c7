import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import { useState } from 'react';
import { choicesOf, type Setting } from '../../../cache/parameters';
import type { Use } from '../../../cache/uses';
import { Confirm } from '../../../components/confirm';
import { SentByKey } from '../../../components/sent-by-key';
import { setParameter, useParameterChange } from '../../../data/parameters';
import { nothing } from '../../../i18n/format';
import { usePageText } from '../../../i18n/page-text';
import { parameterWords } from '../../../i18n/parameters';
import { useNotices } from '../../../shell/notices';
import { useAllowedWords } from './allowed';
import { refusalOf } from './refusal';

interface ChangeDialogProps {
  name: string; // of the group
  setting: Setting;
  users: Use[];
  onClose(): void;
}

/** Sets one parameter. What the service says of the value is beside it. */
export function ChangeDialog({ name, setting, users, onClose }: ChangeDialogProps) {
  const { change: words } = usePageText(parameterWords);
  const allowed = useAllowedWords();
  const { tell } = useNotices();
  const [value, setValue] = useState(setting.value);
  const change = useParameterChange<string>(
    (to) => setParameter(name, setting.name, to),
    (to) => {
      tell('success', words.done(setting.name, to || words.empty));
      onClose();
    },
  );
  const refusal = refusalOf(change.error);
  const same = value === setting.value;
  const submit = () => !same && !change.isPending && change.mutate(value);
  const edit = (to: string) => {
    setValue(to);
    change.reset(); // what was said is of another value
  };
  return (
    <Confirm
      title={words.title(setting.name)}
      submit={words.submit}
      running={change.isPending}
      disabled={same}
      error={refusal ? undefined : change.error}
      onSubmit={submit}
      onClose={onClose}
    >
      <SentByKey onSubmit={submit}>
        <FormField
          label={words.value}
          description={setting.description}
          constraintText={`${words.allowed(allowed(setting))} ${words.usual(setting.usual || nothing)}`}
          errorText={refusal}
        >
          <Value setting={setting} value={value} onChange={edit} />
        </FormField>
      </SentByKey>
      <Effect setting={setting} users={users} />
    </Confirm>
  );
}

interface ValueProps {
  setting: Setting;
  value: string;
  onChange(value: string): void;
}

function Value({ setting, value, onChange }: ValueProps) {
  const choices = choicesOf(setting);
  if (!choices) {
    return (
      <Input value={value} onChange={({ detail }) => onChange(detail.value)} autoComplete="off" spellcheck={false} />
    );
  }
  return (
    <Select
      selectedOption={{ value }}
      options={choices.map((choice) => ({ value: choice }))}
      onChange={({ detail }) => onChange(detail.selectedOption.value ?? value)}
    />
  );
}

/** Whom it hits. */
export function Effect({ setting, users }: { setting: Pick<Setting, 'reboot'>; users: Use[] }) {
  const { change: words } = usePageText(parameterWords);
  const caches = users.map(({ id }) => id).join(', ');
  if (!caches) return <Box>{words.unused}</Box>;
  return <Box>{setting.reboot ? words.affectsReboot(caches) : words.affects(caches)}</Box>;
}
