import {
  type CacheCluster,
  ModifyCacheClusterCommand,
  ModifyReplicationGroupCommand,
  type ReplicationGroup,
} from '@aws-sdk/client-elasticache';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { elasticache } from '../../api/elasticache';
import { clusterKey, keys } from '../../data/keys';
import { paths } from '../../paths';
import { useNotices } from '../../shell/notices';
import { Accepted } from './accepted';
import { clusterInputOf, inputOf, type Plan, type Subject } from './plan';

/** Carries a plan out. The page of the cache is next, where one sees it come true. */
export function useModify({ id, group }: Subject, plan: Plan) {
  const client = useQueryClient();
  const { tell } = useNotices();
  const [, navigate] = useLocation();
  // What is known of it is modifying at once.
  const modifyGroup = async () => {
    const { ReplicationGroup: now } = await elasticache.send(new ModifyReplicationGroupCommand(inputOf(id, plan)));
    if (now) client.setQueryData<ReplicationGroup>(keys.aspect(id, 'group'), now);
    return now?.Status;
  };
  const modifyCluster = async () => {
    const { CacheCluster: now } = await elasticache.send(new ModifyCacheClusterCommand(clusterInputOf(id, plan)));
    const CacheClusterStatus = now?.CacheClusterStatus; // the answer is without nodes
    client.setQueryData<CacheCluster>(clusterKey(id), (before) => before && { ...before, CacheClusterStatus });
    return CacheClusterStatus;
  };
  const { mutate, reset, isPending, error } = useMutation({
    mutationFn: group ? modifyGroup : modifyCluster,
    gcTime: 0, // it holds the token
    onSuccess: (status) => {
      client.invalidateQueries({ queryKey: keys.of(id) });
      tell('success', <Accepted id={id} strategy={plan.token?.strategy} later={plan.later} status={status} />);
    },
  });
  // Not for those who have gone elsewhere meanwhile.
  const onSuccess = () => navigate(paths.group(id));
  return { submit: () => mutate(undefined, { onSuccess }), reset, isPending, error };
}
