/** What another version, or another node type, does to a cache. */
export const upgrade = {
  rolling:
    'The replicas restart with the new version one after the other, while the other nodes serve. Then the primary hands over to one of them, without losing an acknowledged write, and restarts as a replica. Its clients reconnect to the same endpoint.',
  inPlace:
    'The cache has no replica, so its node saves its data, restarts with the new version, and loads the data again. Clients are refused meanwhile. To avoid that, add a replica first.',
  alone:
    'The node saves its data, restarts with the new version, and loads the data again. Clients are refused meanwhile: a cache cluster on its own has no replica that could serve them.',
  noWayBack: 'There is no way back to an older version, or from Valkey to Redis.',
  resize: 'The memory limit is changed while the nodes run: nothing restarts, and nobody is disconnected.',
};
