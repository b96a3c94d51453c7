import type { Failover } from '../../../api/own';
import { useFormats, useText } from '../../../i18n';
import { nothing } from '../../../i18n/format';

/** Writes milliseconds: two decimals at most. */
export function useMilliseconds() {
  const formats = useFormats();
  return (ms: number) => `${formats.number(ms)} ms`;
}

/** Says which writes the new primary is known not to have. */
export function useLossWords() {
  const { loss } = useText().group.failovers;
  const formats = useFormats();
  return ({ LossBytes: bytes, LossExact: exact }: Failover): string => {
    if (bytes === undefined) return nothing;
    if (bytes === 0) return exact ? loss.none : loss.noneKnown;
    return exact ? loss.exactly(formats.bytes(bytes)) : loss.atLeast(formats.bytes(bytes));
  };
}
