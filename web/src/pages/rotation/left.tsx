import type { Rotation, TransitUsage, Usage } from '../../api/own';
import { ClientTable } from './client-table';
import { leftInPlaintext, leftOn } from './clients';
import { usageOf } from './progress';
import { useWords } from './words';

/** The clients that still use the old credential. */
export function LeftOnOld({ rotation: r, usage }: { rotation: Rotation; usage: Usage | undefined }) {
  const { text, label } = useWords();
  const { clients: say } = text;
  const old = usageOf(usage, r.OldCredential);
  return (
    <ClientTable
      title={say.title}
      description={`${label(r.OldCredential)} · ${say.description}`}
      clients={leftOn(old, r)}
      others={old?.OtherClients}
      told={usage}
      refusals
    />
  );
}

/** The clients that still connect without TLS. */
export function LeftInPlaintext({ rotation, transit }: { rotation: Rotation; transit: TransitUsage | undefined }) {
  const { clients: say } = useWords().text.secure;
  return (
    <ClientTable
      title={say.title}
      description={say.description}
      clients={leftInPlaintext(transit?.Plaintext, rotation)}
      others={transit?.Plaintext.OtherClients}
      told={transit}
    />
  );
}
