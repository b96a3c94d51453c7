// What an action would do to whom, in sentences, for its confirmation.
import type { PlaintextUse, Rotation, TransitUsage, Usage } from '../../api/own';
import { secondsOf } from '../../cache/durations';
import type { RotationAction } from '../../data/rotation';
import { firstFew, mostFirst, nameOf } from './clients';
import { brownoutFound, usageOf } from './progress';
import type { Words } from './words';

/** What the nodes told of those whom it may hit; absent while they are asked, or not needed. */
export interface Known {
  usage: Usage | undefined;
  transit: TransitUsage | undefined;
}

export function consequences(action: RotationAction, r: Rotation, known: Known, words: Words): string[] {
  if (action === 'finish') {
    return r.State === 'awaiting-tls' ? ofEndOfPlaintext(known.transit, words) : ofFinish(r, known.usage, words);
  }
  return action === 'cancel' ? [ofCancel(r, words)] : ofRollBack(r, words);
}

function ofFinish(r: Rotation, usage: Usage | undefined, words: Words): string[] {
  const { text, duration, credential } = words;
  const { confirm: say } = text;
  const lines = [say.finish(credential(r.OldCredential))];
  // After one that found somebody, whoever insists gets no other.
  if (secondsOf(r.Brownout) && !brownoutFound(r)) lines.push(say.finishBrownout(duration(r.Brownout)));
  const using = inUse(r, usage, words);
  if (using) lines.push(using);
  if (usage?.Complete === false) lines.push(say.finishUnknown);
  lines.push(r.RollBackOver < 0 ? say.finishNoBack : say.finishBack(duration(r.Grace)));
  return lines;
}

function ofEndOfPlaintext(transit: TransitUsage | undefined, words: Words): string[] {
  const { confirm: say } = words.text.secure;
  const lines = [say.finish];
  const using = inPlaintext(transit, words);
  if (using) lines.push(using);
  if (transit?.Complete === false) lines.push(say.finishUnknown);
  lines.push(say.finishNext);
  return lines;
}

/** Empty: nobody that is known, which is not nobody. */
function inPlaintext(transit: TransitUsage | undefined, words: Words): string {
  const { text, formats } = words;
  const { confirm: say } = text.secure;
  if (!transit) return text.figures.asking;
  const { Connections: connections } = transit.Plaintext;
  if (connections === 0) return transit.Complete ? say.finishFree : '';
  return say.finishInUse(connections, formats.number(connections), namesOf(transit.Plaintext, words));
}

/** Empty: nobody that is known, which is not nobody. */
function inUse(r: Rotation, usage: Usage | undefined, words: Words): string {
  const { text, formats, duration } = words;
  const { confirm: say } = text;
  const old = usageOf(usage, r.OldCredential);
  if (!usage) return text.figures.asking;
  if (!old || old.Connections === 0) return usage.Complete ? say.finishFree : '';
  const names = namesOf(old, words);
  const count = formats.number(old.Connections);
  return secondsOf(r.EvictOver)
    ? say.finishEvicted(old.Connections, count, names, duration(r.EvictOver))
    : say.finishInUse(old.Connections, count, names);
}

const named = 3;

/** The first few of those that are connected. */
function namesOf({ Clients, OtherClients }: Pick<PlaintextUse, 'Clients' | 'OtherClients'>, { text }: Words): string {
  const using = mostFirst(Clients.filter((c) => c.Connections > 0));
  const { shown, rest } = firstFew(using, named, OtherClients);
  const names = shown.map((c) => nameOf(c, text.clients.formerly));
  if (rest) names.push(text.clients.rest(rest.clients, rest.more));
  return names.join(', ');
}

function ofCancel(r: Rotation, { text, credential }: Words): string {
  const { confirm: say, secure } = text;
  const old = credential(r.OldCredential);
  switch (r.State) {
    case 'offering-tls':
    case 'awaiting-tls':
    case 'requiring-tls':
      return secure.confirm.cancel[r.State];
    case 'pending':
      return r.TlsRequiredAt ? secure.confirm.cancelSecured : say.cancelPending;
    case 'rotating':
      return say.cancelRotating(old);
    case 'delivering':
      return say.cancelDelivering;
    default:
      return say.cancelDelivered(old, credential(r.NewCredential));
  }
}

function ofRollBack(r: Rotation, { text, credential }: Words): string[] {
  const { confirm: say } = text;
  const lines = [say.rollBack(credential(r.OldCredential), credential(r.NewCredential))];
  if (r.RollBackOver < 0) lines.push(say.rollBackLeaked);
  return lines;
}
