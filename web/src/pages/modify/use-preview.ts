import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
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
  /** Asks once more, and reports whether what was shown is still so. */
  confirm(): Promise<boolean>;
}

/**
 * What a token change would do, as of the last news of the group and of its use. It is kept here
 * and in no cache, for the question has the token. For another change mount it anew (key).
 */
export function usePreview(id: string, change: TokenChange): PreviewState {
  const pulse = usePulse(id);
  const [told, setTold] = useState<{ preview?: TokenPreview; at?: Date }>({});
  const [answered, setAnswered] = useState<number>(); // the pulse that was asked at last
  const { mutate, mutateAsync, isPending, error } = useMutation({
    mutationFn: (_at: number) => previewTokenChange(id, change.strategy, change.token),
    onSuccess: (preview) => setTold({ preview, at: new Date() }),
    gcTime: 0,
  });
  useEffect(() => {
    if (isPending || answered === pulse) return; // one question at a time: each asks every node
    setAnswered(pulse);
    mutate(pulse);
  }, [pulse, isPending, answered, mutate]);
  const confirm = async () => {
    try {
      const shown = told.preview;
      return shown !== undefined && sameOutcome(shown, await mutateAsync(pulse));
    } catch {
      return false; // the error is shown
    }
  };
  return { ...told, error, ask: () => mutate(pulse), confirm };
}

/** Moves on when the group changes, and with each new sample of its use. To read metrics has it sampled. */
function usePulse(id: string): number {
  const access = useAccess(id);
  const metrics = useMetrics(id);
  return access.dataUpdatedAt + metrics.dataUpdatedAt;
}
