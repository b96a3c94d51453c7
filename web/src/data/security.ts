// Security groups, and whom caches refused.
import { type QueryClient, queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import {
  type Access,
  createSecurityGroup,
  describeRefused,
  describeSecurityGroups,
  type EC2Link,
  type SecurityGroup,
} from '../api/own';
import type { Changes } from '../api/stream';
import { namesAny } from '../cache/security';
import { pages } from './caches';
import { keys } from './keys';
import { renew } from './renew';

/** What is known of security groups, and how it goes with the EC2 API that some come from; undefined: there is none. */
export interface Security {
  groups: SecurityGroup[];
  ec2: EC2Link | undefined;
}

const securityQuery = queryOptions({ queryKey: keys.security, queryFn: ({ signal }) => readSecurity(signal) });

async function readSecurity(signal: AbortSignal): Promise<Security> {
  let ec2: EC2Link | undefined;
  const groups = await pages(async (marker) => {
    const answer = await describeSecurityGroups(marker, signal);
    ec2 = answer.EC2;
    return { items: answer.SecurityGroups, marker: answer.Marker };
  });
  return { groups, ec2 };
}

export const useSecurity = (enabled = true) => useQuery({ ...securityQuery, enabled });

const ec2Pace = 30_000; // milliseconds; as often as aikagi reads EC2 unless it was told otherwise

/** The same for the page that shows how it goes with EC2: that changes nothing in the store, so the stream is silent. */
export const useWatchedSecurity = () =>
  useQuery({ ...securityQuery, refetchInterval: ({ state }) => (state.data?.ec2 ? ec2Pace : false) });

/** Asks the nodes: for pages that show it. */
export const useRefused = (id: string) =>
  useQuery({ queryKey: keys.aspect(id, 'refused'), queryFn: ({ signal }) => describeRefused(id, signal) });

/** Brings up to date what the stream told of: who names a security group changes with the caches. */
export function refreshSecurity(client: QueryClient, { all, groups, clusters, securityGroups }: Changes): void {
  if (!all && groups.length + clusters.length + securityGroups.length === 0) return;
  renew(client, { queryKey: keys.security });
  renew(client, {
    queryKey: ['of'],
    predicate: ({ queryKey, state }) => queryKey[2] === 'access' && namesAny(state.data as Access, securityGroups),
  });
}

/** Changes security groups; what is known of them is old then, whether it was refused or not. */
export function useSecurityChange<T, R>(change: (what: T) => Promise<R>, done: (result: R, what: T) => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: done,
    onSettled: () => {
      client.invalidateQueries({ queryKey: keys.security });
    },
  });
}

export interface NewSecurityGroup {
  name: string;
  description: string;
  id: string; // empty: a new one
  sources: string[];
}

/** Creates a security group with its first rules, all of it or nothing. */
export async function makeSecurityGroup({ name, description, id, sources }: NewSecurityGroup): Promise<SecurityGroup> {
  const asked = { GroupName: name, Description: description || undefined, SecurityGroupId: id || undefined };
  return (await createSecurityGroup({ ...asked, Sources: sources })).SecurityGroup;
}
