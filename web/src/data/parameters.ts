// Parameter groups, what is in them, and what can be done about them.
import {
  type CacheNodeTypeSpecificParameter,
  type CacheParameterGroup,
  CreateCacheParameterGroupCommand,
  DeleteCacheParameterGroupCommand,
  DescribeCacheParameterGroupsCommand,
  DescribeCacheParametersCommand,
  DescribeEngineDefaultParametersCommand,
  ModifyCacheParameterGroupCommand,
  type Parameter,
  ResetCacheParameterGroupCommand,
} from '@aws-sdk/client-elasticache';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { elasticache } from '../api/elasticache';
import { ServiceError } from '../api/error';
import { pages } from './caches';
import { keys } from './keys';

const MaxRecords = 100;

/** All of them, the default ones among the others. */
export const useParameterGroups = () =>
  useQuery({
    queryKey: keys.parameters,
    queryFn: ({ signal }) =>
      pages(async (Marker) => {
        const command = new DescribeCacheParameterGroupsCommand({ Marker, MaxRecords });
        const answer = await elasticache.send(command, { abortSignal: signal });
        return { items: answer.CacheParameterGroups, marker: answer.Marker };
      }),
  });

export interface ParameterGroup {
  group: CacheParameterGroup;
  parameters: Parameter[];
  byNodeType: CacheNodeTypeSpecificParameter[]; // those that have a value for each node type
}

/** One group with its parameters; it is not asked for without a name. */
export const useParameterGroup = (name: string) =>
  useQuery({
    queryKey: keys.parameterGroup(name),
    enabled: name !== '',
    queryFn: async ({ signal }): Promise<ParameterGroup> => {
      const describe = new DescribeCacheParameterGroupsCommand({ CacheParameterGroupName: name });
      const [answer, values] = await Promise.all([
        elasticache.send(describe, { abortSignal: signal }),
        parametersOf(name, signal),
      ]);
      const [group] = answer.CacheParameterGroups ?? [];
      if (!group) throw new ServiceError('CacheParameterGroupNotFound', name);
      return { group, ...values };
    },
  });

/** The parameters by node type come with the first page. */
async function parametersOf(
  CacheParameterGroupName: string,
  signal: AbortSignal,
): Promise<Omit<ParameterGroup, 'group'>> {
  const byNodeType: CacheNodeTypeSpecificParameter[] = [];
  const parameters = await pages(async (Marker) => {
    const command = new DescribeCacheParametersCommand({ CacheParameterGroupName, Marker, MaxRecords });
    const answer = await elasticache.send(command, { abortSignal: signal });
    byNodeType.push(...(answer.CacheNodeTypeSpecificParameters ?? []));
    return { items: answer.Parameters, marker: answer.Marker };
  });
  return { parameters, byNodeType };
}

/** What a family has by default, which is the same as long as aikagi is. */
export const useDefaults = (family: string) =>
  useQuery({
    queryKey: keys.defaults(family),
    enabled: family !== '',
    queryFn: ({ signal }) =>
      pages(async (Marker) => {
        const command = new DescribeEngineDefaultParametersCommand({
          CacheParameterGroupFamily: family,
          Marker,
          MaxRecords,
        });
        const { EngineDefaults: defaults } = await elasticache.send(command, { abortSignal: signal });
        return { items: defaults?.Parameters, marker: defaults?.Marker };
      }),
  });

/** Changes parameter groups; what is known of them is old then, whether it was refused or not. */
export function useParameterChange<T>(change: (what: T) => Promise<unknown>, done: (what: T) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (_, what) => done(what),
    onSettled: () => {
      client.invalidateQueries({ queryKey: keys.parameters });
    },
  });
}

export interface NewParameterGroup {
  name: string;
  family: string;
  description: string;
}

export const createParameterGroup = ({ name, family, description }: NewParameterGroup) =>
  elasticache.send(
    new CreateCacheParameterGroupCommand({
      CacheParameterGroupName: name,
      CacheParameterGroupFamily: family,
      Description: description || name, // the service wants one
    }),
  );

export const setParameter = (group: string, name: string, value: string) =>
  elasticache.send(
    new ModifyCacheParameterGroupCommand({
      CacheParameterGroupName: group,
      ParameterNameValues: [{ ParameterName: name, ParameterValue: value }],
    }),
  );

/** Gives a parameter the default of the family again, or all of them. */
export const resetParameters = (group: string, name?: string) =>
  elasticache.send(
    new ResetCacheParameterGroupCommand({
      CacheParameterGroupName: group,
      ...(name ? { ParameterNameValues: [{ ParameterName: name }] } : { ResetAllParameters: true }),
    }),
  );

/** Deletes a parameter group. The list does not show it from then on, also until it is asked for anew. */
export function useParameterDeletion(name: string, done: () => void) {
  const client = useQueryClient();
  return useParameterChange<void>(
    () => elasticache.send(new DeleteCacheParameterGroupCommand({ CacheParameterGroupName: name })),
    () => {
      client.setQueryData<CacheParameterGroup[]>(keys.parameters, (all) =>
        all?.filter((group) => group.CacheParameterGroupName !== name),
      );
      done();
    },
  );
}
