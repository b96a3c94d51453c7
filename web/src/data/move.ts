// A cache's move from one address plan to another, and what can be done about it.
import { useQuery } from '@tanstack/react-query';
import {
  type CacheInput,
  cancelMove,
  describeMove,
  finishMove,
  type MoveEnd,
  type MoveRequest,
  moveCache,
} from '../api/own';
import { useChange } from './detail';
import { keys } from './keys';

/** What can be moved. */
export interface Movable {
  id: string;
  kind: 'group' | 'cluster'; // cluster: a cache cluster that is in no group
}

const named = ({ id, kind }: Movable): CacheInput =>
  kind === 'group' ? { ReplicationGroupId: id } : { CacheClusterId: id };

const pace = 2000; // milliseconds, as often as watched groups are sampled

/** Asks the nodes. Who connects changes nothing in the store, so the stream is silent about it: during a move it is asked for. */
export const useMove = (cache: Movable) =>
  useQuery({
    queryKey: keys.aspect(cache.id, 'move'),
    queryFn: ({ signal }) => describeMove(named(cache), signal),
    refetchInterval: ({ state }) => (state.data?.Move ? pace : false),
  });

export const useMoveTo = (cache: Movable, done: () => void) =>
  useChange(cache.id, (how: MoveRequest) => moveCache(named(cache), how), done);

export type MoveEnding = 'finish' | 'cancel';

export const useEndMove = (cache: Movable, ending: MoveEnding, done: () => void) =>
  useChange(
    cache.id,
    (how: MoveEnd) => (ending === 'finish' ? finishMove(named(cache), how) : cancelMove(named(cache), how)),
    done,
  );
