// Subnet groups, and what can be done about them.
import {
  CreateCacheSubnetGroupCommand,
  DeleteCacheSubnetGroupCommand,
  DescribeCacheSubnetGroupsCommand,
  ModifyCacheSubnetGroupCommand,
} from '@aws-sdk/client-elasticache';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { elasticache } from '../api/elasticache';
import { pages } from './caches';
import { keys } from './keys';

/** The group of caches that name none. It is always there. */
export const defaultSubnetGroup = 'default';

export const useSubnetGroups = () =>
  useQuery({
    queryKey: keys.subnets,
    queryFn: ({ signal }) =>
      pages(async (Marker) => {
        const command = new DescribeCacheSubnetGroupsCommand({ Marker, MaxRecords: 100 });
        const answer = await elasticache.send(command, { abortSignal: signal });
        return { items: answer.CacheSubnetGroups, marker: answer.Marker };
      }),
  });

/** Changes subnet groups; what is known of them is old then, whether it was refused or not. */
export function useSubnetChange<T>(change: (what: T) => Promise<unknown>, done: (what: T) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (_, what) => done(what),
    onSettled: () => {
      client.invalidateQueries({ queryKey: keys.subnets });
    },
  });
}

export interface SubnetRequest {
  name: string;
  description: string;
  subnets: string[];
}

export const createSubnetGroup = ({ name, description, subnets }: SubnetRequest) =>
  elasticache.send(
    new CreateCacheSubnetGroupCommand({
      CacheSubnetGroupName: name,
      CacheSubnetGroupDescription: description || name, // the service wants one
      SubnetIds: subnets,
    }),
  );

/** The subnets take the place of all that there were. */
export const modifySubnetGroup = ({ name, description, subnets }: SubnetRequest) =>
  elasticache.send(
    new ModifyCacheSubnetGroupCommand({
      CacheSubnetGroupName: name,
      CacheSubnetGroupDescription: description,
      SubnetIds: subnets,
    }),
  );

export const deleteSubnetGroup = (name: string) =>
  elasticache.send(new DeleteCacheSubnetGroupCommand({ CacheSubnetGroupName: name }));
