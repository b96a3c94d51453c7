import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import { Copyable } from '../../../components/copy';
import { useText } from '../../../i18n';
import type { Target } from './snippets';

/** Where it is, and what it asks of those who come. */
export function Facts({ target, passwordless }: { target: Target; passwordless: boolean }) {
  const { connect: text, common } = useText();
  const login = target.token ? (passwordless ? text.tokenOrNone : text.token) : text.noToken;
  return (
    <KeyValuePairs
      columns={4}
      items={[
        { label: text.address, value: <Copyable value={target.host} /> },
        { label: text.port, value: <Copyable value={String(target.port)} /> },
        { label: text.tls, value: target.tls ? common.enabled : common.disabled },
        { label: text.login, value: login },
      ]}
    />
  );
}
