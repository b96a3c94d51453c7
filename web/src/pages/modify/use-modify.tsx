import { ModifyReplicationGroupCommand, type ReplicationGroup } from '@aws-sdk/client-elasticache';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { elasticache } from '../../api/elasticache';
import { keys } from '../../data/keys';
import { paths } from '../../paths';
import { useNotices } from '../../shell/notices';
import { Accepted } from './accepted';
import { inputOf, type Plan } from './plan';

/** Carries a plan out. The page of the group is next, where one sees it come true. */
export function useModify(id: string, plan: Plan) {
  const client = useQueryClient();
  const { tell } = useNotices();
  const [, navigate] = useLocation();
  const { mutate, reset, isPending, error } = useMutation({
    mutationFn: () => elasticache.send(new ModifyReplicationGroupCommand(inputOf(id, plan))),
    gcTime: 0, // it holds the token
    onSuccess: ({ ReplicationGroup: group }) => {
      if (group) client.setQueryData<ReplicationGroup>(keys.aspect(id, 'group'), group); // modifying, at once
      client.invalidateQueries({ queryKey: keys.of(id) });
      tell('success', <Accepted id={id} strategy={plan.token?.strategy} later={plan.later} status={group?.Status} />);
    },
  });
  // Not for those who have gone elsewhere meanwhile.
  const onSuccess = () => navigate(paths.group(id));
  return { submit: () => mutate(undefined, { onSuccess }), reset, isPending, error };
}
