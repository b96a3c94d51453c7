import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { previewTokenChange, type TokenPreview } from '../../api/own';
import { useAccess } from '../../data/group';
import { useMetrics } from '../../data/metrics';
import { sameOutcome } from './confirm/picture';
import type { TokenChange } from './plan';

export interface PreviewState {
  preview?: TokenPreview; // the last that came
  at?: Date;
  error: unknown; // of the last try
  ask(): void;
  /** Asks once more, then goes on if what was shown is still so, and who asked is still here. */
  confirm(then: () => void): void;
  confirming: boolean;
  outdated: boolean; // the last time, it was not so
  notConfirmed: unknown; // why that could not be found out the last time
}

/**
 * What a token change would do, as of the last news of the group and of its use. It is kept here
 * and in no cache, for the question has the token. For another change mount it anew (key).
 */
export function usePreview(id: string, change: TokenChange): PreviewState {
  const pulse = usePulse(id);
  const [told, setTold] = useState<{ preview?: TokenPreview; at?: Date }>({});
  const [answered, setAnswered] = useState<number>(); // the pulse that was asked at last
  const asked = useRef(0);
  const request = async () => {
    const turn = ++asked.current;
    const preview = await previewTokenChange(id, change.strategy, change.token);
    // A check may overtake the question before it: the answer to the last one is shown.
    if (turn === asked.current) setTold({ preview, at: new Date() });
    return preview;
  };
  const { mutate, isPending, error } = useMutation({ mutationFn: request, gcTime: 0 });
  const check = useMutation({
    mutationFn: async (shown: TokenPreview) => sameOutcome(shown, await request()),
    gcTime: 0,
  });
  useEffect(() => {
    if (isPending || check.isPending || answered === pulse) return; // each question asks every node
    setAnswered(pulse);
    mutate();
  }, [pulse, isPending, check.isPending, answered, mutate]);
  const confirm = (then: () => void) => {
    if (told.preview) check.mutate(told.preview, { onSuccess: (same) => same && then() });
  };
  return {
    ...told,
    error,
    ask: () => mutate(),
    confirm,
    confirming: check.isPending,
    outdated: check.data === false,
    notConfirmed: check.error,
  };
}

/** Moves on when the group changes, and with each new sample of its use. To read metrics has it sampled. */
function usePulse(id: string): number {
  const access = useAccess(id);
  const metrics = useMetrics(id);
  return access.dataUpdatedAt + metrics.dataUpdatedAt;
}
