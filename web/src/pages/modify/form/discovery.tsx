import FormField from '@cloudscape-design/components/form-field';
import RadioGroup from '@cloudscape-design/components/radio-group';
import { useText } from '../../../i18n';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import type { Subject } from '../plan';
import type { DetailsProps } from './details';

/** Which addresses a cache shows, where it has both kinds. */
export function Discovery({ subject: { group, member }, settings, onEdit }: DetailsProps & { subject: Subject }) {
  const text = useText().group;
  const modify = usePageText(modifyWords);
  if ((group ?? member)?.NetworkType !== 'dual_stack') return null;
  return (
    <FormField label={modify.setting.discovery} description={modify.discoveryHint}>
      <RadioGroup
        value={settings.discovery}
        onChange={({ detail }) => onEdit({ discovery: detail.value })}
        items={['ipv4', 'ipv6'].map((value) => ({ value, label: text.networkTypes[value] }))}
      />
    </FormField>
  );
}
