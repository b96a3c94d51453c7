import type { StatusReason } from '../api/own';
import { Say } from '../facts/use-tell';

/** What keeps a group from being as it should be, a sentence each, in the language of the page. */
export function Reasons({ reasons }: { reasons: StatusReason[] }) {
  return reasons.map(({ Text, Fact }) => (
    <div key={Text}>
      <Say fact={Fact} english={Text} />
    </div>
  ));
}
