package cache

// transition is the only place where a group's status changes.
func (g *ReplicationGroup) transition(to Status, refusal *Error, from ...Status) error {
	for _, s := range from {
		if g.Status == s {
			g.Status = to
			return nil
		}
	}
	return refusal
}

// mustBeAvailable is the original's refusal of a change to a busy group.
func (g *ReplicationGroup) mustBeAvailable() *Error {
	if g.Standalone {
		return ResourceErrorf(KindState, ResourceCacheCluster,
			"Cache cluster must be in available state to modify. %s is %s.", g.ID, g.Status)
	}
	return ResourceErrorf(KindState, ResourceReplicationGroup,
		"Replication group must be in available state to modify.")
}
