// What the tests of what the stream tells begin with.
import type { Changes } from '../api/stream';

export const nothing: Changes = { groups: [], clusters: [], securityGroups: [], parameterGroups: [], subnetGroups: [] };
