import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { Transit } from '../../../cache/transit';
import { useText } from '../../../i18n';
import { modifyWords } from '../../../i18n/modify';
import { usePageText } from '../../../i18n/page-text';
import { href, paths } from '../../../paths';
import { useFollow } from '../../../shell/follow';

/** Encryption in transit as it is. It is changed where one sees whom that hits. */
export function Encryption({ id, transit }: { id: string; transit: Transit }) {
  const { common } = useText();
  const modify = usePageText(modifyWords);
  const follow = useFollow();
  return (
    <SpaceBetween size="xs">
      <FormField label={modify.transit} constraintText={modify.transitHint}>
        <Input value={common.transit[transit]} disabled />
      </FormField>
      <Link href={href(paths.group(id, 'connectivity'))} onFollow={follow}>
        {modify.toTransit}
      </Link>
    </SpaceBetween>
  );
}
