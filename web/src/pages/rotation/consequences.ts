// What an action would do to whom, in sentences, for its confirmation.
import type { Rotation, Usage } from '../../api/own';
import { secondsOf } from '../../cache/durations';
import type { RotationAction } from '../../data/rotation';
import { firstFew, mostFirst, nameOf } from './clients';
import { brownoutFound, usageOf } from './progress';
import type { Words } from './words';

export function consequences(action: RotationAction, r: Rotation, usage: Usage | undefined, words: Words): string[] {
  if (action === 'finish') return ofFinish(r, usage, words);
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

const named = 3;

/** Empty: nobody that is known, which is not nobody. */
function inUse(r: Rotation, usage: Usage | undefined, { text, formats, duration }: Words): string {
  const { confirm: say } = text;
  const old = usageOf(usage, r.OldCredential);
  if (!usage) return text.figures.asking;
  if (!old || old.Connections === 0) return usage.Complete ? say.finishFree : '';
  const using = mostFirst(old.Clients.filter((c) => c.Connections > 0));
  const { shown, rest } = firstFew(using, named, old.OtherClients);
  const names = shown.map((c) => nameOf(c, text.clients.formerly));
  if (rest) names.push(text.clients.rest(rest.clients, rest.more));
  const count = formats.number(old.Connections);
  return secondsOf(r.EvictOver)
    ? say.finishEvicted(old.Connections, count, names.join(', '), duration(r.EvictOver))
    : say.finishInUse(old.Connections, count, names.join(', '));
}

function ofCancel(r: Rotation, { text, credential }: Words): string {
  const { confirm: say } = text;
  const old = credential(r.OldCredential);
  if (r.State === 'pending') return say.cancelPending;
  if (r.State === 'rotating') return say.cancelRotating(old);
  return r.State === 'delivering' ? say.cancelDelivering : say.cancelDelivered(old, credential(r.NewCredential));
}

function ofRollBack(r: Rotation, { text, credential }: Words): string[] {
  const { confirm: say } = text;
  const lines = [say.rollBack(credential(r.OldCredential), credential(r.NewCredential))];
  if (r.RollBackOver < 0) lines.push(say.rollBackLeaked);
  return lines;
}
