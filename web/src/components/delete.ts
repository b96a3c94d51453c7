// What the dialog that deletes caches decides and does; the words are in the dialog.
import { DeleteCacheClusterCommand, DeleteReplicationGroupCommand } from '@aws-sdk/client-elasticache';
import { elasticache } from '../api/elasticache';
import { isNotFound } from '../api/error';

/** What can be deleted as a whole. */
export interface Deletable {
  id: string;
  kind: 'group' | 'cluster'; // cluster: a cache cluster that is in no group
}

/** What has to be typed, in every language, as in the original. */
export const confirmation = 'delete';

export const isConfirmed = (typed: string): boolean => typed.trim() === confirmation;

export interface Refused {
  cache: Deletable;
  error: unknown;
}

/** What became of caches; those that are in neither were not asked for. */
export interface Deletion {
  gone: Deletable[];
  refused: Refused[];
}

/**
 * Deletes one after the other, until it is stopped. A refusal of one keeps none of the others; one
 * that is gone is deleted.
 */
export async function deleteEach(caches: Deletable[], stop: AbortSignal, remove = removeCache): Promise<Deletion> {
  const gone: Deletable[] = [];
  const refused: Refused[] = [];
  for (const cache of caches) {
    if (stop.aborted) break;
    try {
      await remove(cache);
      gone.push(cache);
    } catch (error) {
      if (isNotFound(error)) gone.push(cache);
      else refused.push({ cache, error });
    }
  }
  return { gone, refused };
}

async function removeCache({ id, kind }: Deletable): Promise<void> {
  if (kind === 'cluster') await elasticache.send(new DeleteCacheClusterCommand({ CacheClusterId: id }));
  else await elasticache.send(new DeleteReplicationGroupCommand({ ReplicationGroupId: id }));
}
