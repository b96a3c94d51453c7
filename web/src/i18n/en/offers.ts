/** Why an action cannot be taken now. */
export const offers = {
  busy: 'Possible as soon as the cache is available.',
  going: 'The cache is being deleted, or could not be created.',
  failover: 'Possible as soon as the failover that is under way is over.',
  rotation: 'A guided rotation is under way. Wait until it is over, or cancel it.',
  noTls: 'Tokens need encryption in transit, which this cache does not have.',
  twoHeld: 'Two credentials are accepted, and a new token would end the older one at once. Finish that change first.',
  oneHeld: 'Only one credential is accepted, so there is nothing to finish.',
  undelivered: 'The newest token may have reached nobody. A new rotation replaces it.',
  notNow: 'The rotation is not at a step where this can be done.',
  noReplica: 'There is no replica to take over.',
  allReplicas: 'A cache can have at most five replicas.',
  lastReplica: 'Automatic failover needs at least one replica.',
  notAutomatic: 'A failover can be tested only while automatic failover is enabled.',
  automatic:
    'A replica can be promoted only while automatic failover and Multi-AZ are disabled. Use Test failover instead.',
  isPrimary: 'This node is the primary.',
  nodeBusy: 'Possible as soon as the node is available.',
  noSchedule: 'There is no schedule.',
};
