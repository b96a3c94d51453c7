import { useMemo } from 'react';
import type { Rotation } from '../../api/own';
import { finishRule, secondsOf } from '../../cache/durations';
import { useFormats, useText } from '../../i18n';
import type { Dictionary } from '../../i18n/en';
import type { Formats } from '../../i18n/format';

type Text = Dictionary['rotation'];

/** What the sentences of this page are made with. */
export interface Words {
  text: Text;
  formats: Formats;
  /** A duration as the service writes it; as it is where it cannot be read. */
  duration(written: string): string;
  /** Within a sentence. */
  credential(fingerprint: string): string;
  /** On its own, or first. */
  label(fingerprint: string): string;
}

export function useWords(): Words {
  const { rotation: text, common } = useText();
  const formats = useFormats();
  return useMemo(() => wordsOf(text, common, formats), [text, common, formats]);
}

export const wordsOf = (text: Text, common: Dictionary['common'], formats: Formats): Words => ({
  text,
  formats,
  duration: (written) => {
    const seconds = secondsOf(written);
    return seconds === undefined ? written.trim() : formats.duration(seconds);
  },
  credential: text.credential,
  label: (fingerprint) =>
    fingerprint === 'NONE' ? common.credential.none : common.credential.token(fingerprint || '…'),
});

/** What goes on, in one sentence that changes with the state only. */
export function sentenceOf(r: Rotation, { text, credential }: Words): string {
  const { now } = text;
  const old = credential(r.OldCredential);
  const fresh = credential(r.NewCredential);
  switch (r.State) {
    case 'pending':
      return r.TlsRequiredAt ? text.secure.secured(r.Delivery) : now.pending(r.Delivery);
    case 'rotating':
    case 'waiting':
    case 'watching':
      return now[r.State](fresh, old);
    case 'delivering':
      return now.delivering(fresh, r.Delivery);
    case 'brownout':
    case 'setting':
    case 'rolling-back':
    case 'rolled-back':
      return now[r.State](old);
    case 'done':
      return now.done(fresh);
    default:
      return now[r.State];
  }
}

/** When the old credential ends: "unused for 10 minutes". A deadline counts from its delivery, or from something else. */
export function finishText(finish: string, { text, formats }: Words, deadlineOf = text.plan.deadline): string {
  const rule = finishRule(finish);
  const quiet = rule.quiet === undefined ? undefined : text.plan.quiet(formats.duration(rule.quiet));
  const deadline = rule.deadline === undefined ? undefined : deadlineOf(formats.duration(rule.deadline));
  if (rule.ask) return text.plan.ask;
  if (quiet && deadline) return text.plan.first(quiet, deadline);
  return quiet ?? deadline ?? finish;
}

/** What brings the old credential back. */
export function backText(over: number, { text, formats }: Words): string {
  if (over < 0) return text.plan.backNever;
  return over === 0 ? text.plan.backFirst : text.plan.backOver(formats.number(over));
}
