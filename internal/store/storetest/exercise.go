package storetest

import (
	"testing"

	"github.com/aikagi/aikagi/internal/store"
)

// Exercise checks a store against every sentence of the interface. open returns
// an empty store, not shared with any other call; the suite closes it.
func Exercise(t *testing.T, open func(t *testing.T) store.Store) {
	for name, test := range specification() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := &env{T: t, store: open(t)}
			t.Cleanup(func() {
				if err := e.store.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			})
			test(e)
		})
	}
}

func specification() map[string]func(*env) {
	return map[string]func(*env){
		"View/sees one consistent state":                 viewIsConsistent,
		"View/passes the error of fn on":                 viewPassesError,
		"Update/writes nothing when fn fails":            updateRollsBack,
		"Update/writes nothing when fn panics":           updateSurvivesPanic,
		"Update/writes nothing when its context ends":    updateHonoursContext,
		"Update/refusals leave nothing half written":     refusalsWriteNothing,
		"Update/reads what it wrote":                     updateReadsItsWrites,
		"Update/loses no concurrent write":               updatesAreSerial,
		"Update/of a deferred sync is there at once":     deferredSyncIsThere,
		"Close/waits and then refuses":                   closeWaits,
		"ReplicationGroup/comes back as it was":          groupRoundTrip,
		"ReplicationGroup/times are instants":            timesRoundTrip,
		"ReplicationGroup/is the caller's own":           groupsAreCopies,
		"ReplicationGroup/is not found":                  groupNotFound,
		"ReplicationGroups/pages in the order of keys":   groupPages,
		"GroupOfNode/finds members and lone clusters":    groupOfNode,
		"GroupsOfNodes/pages and shares":                 groupsOfNodes,
		"Addresses/are those of the groups":              addressesFollowGroups,
		"Addresses/are lacking until they are given":     addressesLacking,
		"Addresses/lack ports":                           portsLacking,
		"Addresses/lack ports of both families":          pairsLacking,
		"Addresses/lack addresses of a pool":             poolLacking,
		"Put/lets groups share addresses":                putSharesAddresses,
		"Put/counts revisions":                           putCountsRevisions,
		"Put/refuses a revision that was not read":       putRefusesStaleRevision,
		"Put/gives the revision back when undone":        putRestoresRevision,
		"Put/refuses a key that is taken":                putRefusesTakenKey,
		"Put/refuses a node id that is taken":            putRefusesTakenNode,
		"Put/refuses a UID that is taken":                putRefusesTakenUID,
		"Put/refuses an address that is taken":           putRefusesTakenAddress,
		"Put/gives up nodes and addresses that are left": putGivesUp,
		"Put/refuses what cannot be read again":          putRefusesUnreadable,
		"Delete/gives everything up":                     deleteGivesUp,
		"Events/are numbered and complete":               eventsRoundTrip,
		"Events/keep their order when the clock steps":   eventsInSequence,
		"Events/are selected":                            eventsSelected,
		"Events/are pruned and numbers not reused":       eventsPruned,
		"Events/without a time are refused":              eventsNeedTime,
		"Failovers/come back as they were":               failoversRoundTrip,
		"Failovers/are replaced by their id":             failoversReplaced,
		"Failovers/are in the order of detection":        failoversInOrder,
		"Failovers/are selected":                         failoversSelected,
		"Failovers/are pruned":                           failoversPruned,
		"Failovers/outlive their group":                  failoversOutliveGroup,
		"Failovers/without an id or a time are refused":  failoversNeedIdentity,
		"Rotations/come back as they were":               rotationsRoundTrip,
		"Rotations/hold no salt":                         rotationsHoldNoSalt,
		"Rotations/are replaced by their id":             rotationsReplaced,
		"Rotations/are in the order of their start":      rotationsInOrder,
		"Rotations/are selected":                         rotationsSelected,
		"Rotations/are pruned when they are over":        rotationsPruned,
		"Rotations/outlive their group":                  rotationsOutliveGroup,
		"Rotations/without an id or a time are refused":  rotationsNeedIdentity,
		"Marks/come back as they were":                   marksRoundTrip,
		"Kinds/are kept apart":                           kindsAreApart,
		"Kinds/are read in ranges":                       kindsInRanges,
		"Kinds/have their claims":                        claimsFollow,
		"Kinds/are kept by references":                   refsKeep,
		"Kinds/refused references write nothing":         refusedRefsWriteNothing,
		"Kinds/bodies of earlier releases are upgraded":  bodiesAreUpgraded,
		"Kinds/unreadable bodies are refused":            newerBodiesAreRefused,
		"Users/come back as they were":                   usersRoundTrip,
		"Users/leave their groups":                       usersLeave,
		"Users/settle when all caches have them":         usersSettle,
		"SubnetGroups/come back as they were":            subnetGroupsRoundTrip,
		"SubnetGroups/cannot go while they are used":     subnetGroupsInUse,
		"ParameterGroups/come back as they were":         parameterGroupsRoundTrip,
		"ParameterGroups/cannot go while they are used":  parameterGroupsInUse,
		"SecurityGroups/come back as they were":          securityGroupsRoundTrip,
		"SecurityGroups/that are in use stay":            securityGroupsInUse,
		"SecurityGroups/of EC2 are in the caches' VPC":   securityGroupsInPlace,
		"Readings/are the last":                          readingsAreTheLast,
		"Subscribe/tells what was committed":             feedTellsWhatWasCommitted,
		"Subscribe/tells after the commit":               feedTellsAfterTheCommit,
		"Subscribe/tells nothing else":                   feedTellsNothingElse,
		"Subscribe/hears of Updates that run":            feedHearsOfRunningUpdates,
		"Subscribe/loses nothing":                        feedLosesNothing,
		"ConsoleSessions/come back as they were":         consoleSessionsRoundTrip,
		"ConsoleSessions/are gone when they are deleted": consoleSessionsDeleted,
		"ConsoleSessions/are pruned when they expired":   consoleSessionsPruned,
		"ConsoleSessions/need a caller and times":        consoleSessionsNeedIdentity,
	}
}
