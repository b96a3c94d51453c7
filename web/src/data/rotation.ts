// The guided rotations of one group, and what can be done about them.
import { useInfiniteQuery } from '@tanstack/react-query';
import {
  cancelRotation,
  continueRotation,
  deleteSchedule,
  describeRotations,
  putSchedule,
  type RotationRequest,
  rollBackRotation,
  type ScheduledRequest,
  startRotation,
} from '../api/own';
import { useChange } from './detail';
import { keys } from './keys';

/** Newest first, page after page. */
export const useRotations = (id: string) =>
  useInfiniteQuery({
    queryKey: keys.aspect(id, 'rotations'),
    queryFn: ({ pageParam, signal }) => describeRotations(id, pageParam || undefined, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.Marker || undefined,
  });

export const useStartRotation = (id: string, done?: () => void) =>
  useChange(id, (how: RotationRequest) => startRotation(id, how), done);

export type RotationAction = 'finish' | 'cancel' | 'rollBack';
const actions = { finish: continueRotation, cancel: cancelRotation, rollBack: rollBackRotation };

export const useRotationAction = (id: string, done?: () => void) =>
  useChange(id, (action: RotationAction) => actions[action](id), done);

/** Each so many days, and how. */
export interface NewSchedule {
  days: number;
  how: ScheduledRequest;
}

export const usePutSchedule = (id: string, done?: () => void) =>
  useChange(id, ({ days, how }: NewSchedule) => putSchedule(id, days, how), done);

export const useDeleteSchedule = (id: string, done?: () => void) => useChange<void>(id, () => deleteSchedule(id), done);
