package cache

// The codes of our own sentences. What is an event in the original has none: it is told in the
// original's words.
const (
	// Tokens.
	FactTokenRequested  FactCode = "token-requested"
	FactTokenAtOnce     FactCode = "token-at-once"
	FactTokenFinished   FactCode = "token-finished"
	FactPasswordless    FactCode = "passwordless-open"
	FactGuardRefuses    FactCode = "guard-refuses"
	FactGuardWarns      FactCode = "guard-warns"
	FactNotRotated      FactCode = "not-rotated"
	FactRotationForbids FactCode = "rotation-forbids"

	// Encryption in transit.
	FactTransitRequested FactCode = "transit-requested"
	FactTransitNone      FactCode = "transit-none"
	FactExposedPlaintext FactCode = "exposed-plaintext"
	FactExposedTokenless FactCode = "exposed-tokenless"
	FactTransitPreferred FactCode = "transit-preferred"
	FactTransitRequired  FactCode = "transit-required"
	FactEndingPlaintext  FactCode = "ending-plaintext"
	FactEndingTLS        FactCode = "ending-tls"
	FactTLSGuardRefuses  FactCode = "tls-guard-refuses"
	FactTLSGuardWarns    FactCode = "tls-guard-warns"
	FactPlaintextInUse   FactCode = "plaintext-in-use"
	FactPlaintextUnknown FactCode = "plaintext-unknown"
	FactPlaintextQuiet   FactCode = "plaintext-quiet"
	FactPlaintextNever   FactCode = "plaintext-never"
	FactGateless         FactCode = "gateless"

	// Moves from one address plan to another.
	FactMoveBegun     FactCode = "move-begun"
	FactMoveOpen      FactCode = "move-open"
	FactMoveClosing   FactCode = "move-closing"
	FactMoveLeaving   FactCode = "move-leaving"
	FactMoved         FactCode = "moved"
	FactMoveCancelled FactCode = "move-cancelled"
	FactMoveRefused   FactCode = "move-refused"
	FactMoveUser      FactCode = "move-user"
	FactGatelessMove  FactCode = "gateless-move"

	// Security groups.
	FactSecurityRequested FactCode = "security-requested"
	FactSecurityUnknown   FactCode = "security-unknown"
	FactSecurityGone      FactCode = "security-gone"
	FactSecurityBack      FactCode = "security-back"
	FactShutOut           FactCode = "shut-out"
	FactSecurityLate      FactCode = "security-late"
	FactGatelessSecurity  FactCode = "gateless-security"

	FactTLSOffering     FactCode = "tls-offering"
	FactTLSOffered      FactCode = "tls-offered"
	FactTLSRequiring    FactCode = "tls-requiring"
	FactTLSRequired     FactCode = "tls-required"
	FactTLSStaysOffered FactCode = "tls-stays-offered"

	FactRequiredAlready     FactCode = "required-already"
	FactRequiredNotYet      FactCode = "required-not-yet"
	FactRequiredRefused     FactCode = "required-refused"
	FactRequiredEnds        FactCode = "required-ends"
	FactRequiredEndsNothing FactCode = "required-ends-nothing"

	// The use of a credential that is to end.
	FactInUse           FactCode = "in-use"
	FactUsedNow         FactCode = "used-now"
	FactUsedLast        FactCode = "used-last"
	FactUseUnknown      FactCode = "use-unknown"
	FactUsePartly       FactCode = "use-partly"
	FactNodeMissing     FactCode = "node-missing"
	FactClientNamed     FactCode = "client-named"
	FactClientUnnamed   FactCode = "client-unnamed"
	FactClientFormerly  FactCode = "client-formerly"
	FactMoreClients     FactCode = "more-clients"
	FactAtLeastMore     FactCode = "at-least-more-clients"
	FactNothingToSet    FactCode = "nothing-to-set"
	FactSetWould        FactCode = "set-would"
	FactSetRefused      FactCode = "set-refused"
	FactLocksOut        FactCode = "locks-out"
	FactLocksOutRecent  FactCode = "locks-out-recent"
	FactPerhapsOthers   FactCode = "perhaps-others"
	FactEndsDoubtful    FactCode = "ends-doubtful"
	FactEndsUnused      FactCode = "ends-unused"
	FactEndsLastUsed    FactCode = "ends-last-used"
	FactNotRunning      FactCode = "not-running"
	FactModuleTooOld    FactCode = "module-too-old"
	FactNoAnswer        FactCode = "no-answer"
	FactUnreachable     FactCode = "unreachable"
	FactNobodyAsks      FactCode = "nobody-asks"
	FactUnknownOfNodes  FactCode = "unknown-of-nodes"
	FactNodeWhy         FactCode = "node-why"
	FactRefusedOf       FactCode = "refused-of"
	FactRefusedOfNobody FactCode = "refused-of-nobody"

	// Guided rotations.
	FactRotation          FactCode = "rotation"
	FactRotationBegun     FactCode = "rotation-begun"
	FactRotateRequested   FactCode = "rotate-requested"
	FactDelivered         FactCode = "delivered"
	FactFinishWanted      FactCode = "finish-wanted"
	FactSetRequested      FactCode = "set-requested"
	FactBrownoutBegun     FactCode = "brownout-begun"
	FactBrownoutFound     FactCode = "brownout-found"
	FactSetProven         FactCode = "set-proven"
	FactEvicting          FactCode = "evicting"
	FactHeldUp            FactCode = "held-up"
	FactRollBackWanted    FactCode = "roll-back-wanted"
	FactRolledBack        FactCode = "rolled-back"
	FactCancelWanted      FactCode = "cancel-wanted"
	FactCancelled         FactCode = "cancelled"
	FactGoesBack          FactCode = "goes-back"
	FactDeliveryEnded     FactCode = "delivery-ended"
	FactRotationFailed    FactCode = "rotation-failed"
	FactConcluded         FactCode = "concluded"
	FactOwnerCancelled    FactCode = "owner-cancelled"
	FactOwnerRolledBack   FactCode = "owner-rolled-back"
	FactStillUsed         FactCode = "still-used"
	FactTokensChanged     FactCode = "tokens-changed"
	FactUndelivered       FactCode = "undelivered"
	FactDestinationFailed FactCode = "destination-failed"
	FactStagingFailed     FactCode = "staging-failed"
	FactDeliveryFailed    FactCode = "delivery-failed"
	FactGroupDeleted      FactCode = "group-deleted"
	FactGroupLostIt       FactCode = "group-lost-it"
	FactKillWarning       FactCode = "kill-warning"
	FactScheduleSet       FactCode = "schedule-set"
	FactScheduleDropped   FactCode = "schedule-dropped"
	FactScheduleFailed    FactCode = "schedule-failed"
	FactScheduledEnded    FactCode = "scheduled-ended"
	FactTwoHeld           FactCode = "two-held"

	// Nodes and failovers.
	FactNodeEnded         FactCode = "node-ended"
	FactCannotStart       FactCode = "cannot-start"
	FactNodeCannotStart   FactCode = "node-cannot-start"
	FactNodeFault         FactCode = "node-fault" // the why and the fix of each [replication.FaultKind] have codes of their own
	FactSetAsideAsked     FactCode = "set-aside-asked"
	FactSetAsideForOthers FactCode = "set-aside-for-others"
	FactNothingSetAside   FactCode = "nothing-set-aside"
	FactNodeHangs         FactCode = "node-hangs"
	FactNodeRebooting     FactCode = "node-rebooting"
	FactNodeRestarted     FactCode = "node-restarted"
	FactBackInSync        FactCode = "back-in-sync"
	FactKeysLoaded        FactCode = "keys-loaded"
	FactSnapshotLoaded    FactCode = "snapshot-loaded"
	FactUnwatched         FactCode = "unwatched"
	FactCannotSave        FactCode = "cannot-save"
	FactSavesAgain        FactCode = "saves-again"
	FactParameterRefused  FactCode = "parameter-refused"
	FactDiskFull          FactCode = "disk-full"
	FactDiskRoom          FactCode = "disk-room"
	FactReplicaBehind     FactCode = "replica-behind"
	FactReplicaCaughtUp   FactCode = "replica-caught-up"
	FactClientsFull       FactCode = "clients-full"
	FactClientsFrom       FactCode = "clients-from"
	FactClientsRoom       FactCode = "clients-room"
	FactClientsMend       FactCode = "clients-mend"
	FactAddressTaken      FactCode = "address-taken"
	FactAddressFree       FactCode = "address-free"
	FactRehomed           FactCode = "rehomed"
	FactAddressRestored   FactCode = "address-restored"
	FactAddressContested  FactCode = "address-contested"
	FactPrimaryEndpoint   FactCode = "primary-endpoint"
	FactReaderEndpoint    FactCode = "reader-endpoint"
	FactOneNode           FactCode = "one-node"
	FactTakenByProcess    FactCode = "taken-by-process"
	FactTakenByUser       FactCode = "taken-by-user"
	FactTakenBySomebody   FactCode = "taken-by-somebody"
	FactVersionSucceeds   FactCode = "version-succeeds"
	FactBuildGone         FactCode = "build-gone"
	FactBuildBack         FactCode = "build-back"
	FactServedByAlias     FactCode = "served-by-alias"
	FactUpgradeRequested  FactCode = "upgrade-requested"
	FactUpgradeWaits      FactCode = "upgrade-waits"
	FactUpgradeRestarts   FactCode = "upgrade-restarts"
	FactUpgradeGivenUp    FactCode = "upgrade-given-up"
	FactUpgraded          FactCode = "upgraded"
	FactNotInstalled      FactCode = "not-installed"
	FactAdding            FactCode = "adding-replicas"
	FactRemoving          FactCode = "removing-replicas"
	FactCreationFailed    FactCode = "creation-failed"
	FactGroupDeleting     FactCode = "group-deleting"
	FactClusterDeleting   FactCode = "cluster-deleting"
	FactPromotion         FactCode = "promotion-requested"
	FactFailoverGivenUp   FactCode = "failover-given-up"
	FactLostBeforeSync    FactCode = "lost-before-sync"
	FactNoReplicaInSync   FactCode = "no-replica-in-sync"
	FactFailoverOvertaken FactCode = "failover-overtaken"
)

const rotationOf = "Auth token rotation {rotation} of replication group {group}"

// sentences are the words of facts, and the names and kinds of their values; see [fill]. The
// console's other languages have sentences for the same codes.
var sentences = map[FactCode]string{
	factOther: "{words}",

	FactTokenRequested: "Auth token {strategy} requested for replication group {group}: {from:set} to {to:set}[{later}]",
	FactTokenAtOnce:    "; token changes take effect at once, whatever ApplyImmediately says",
	FactTokenFinished:  "Auth token {strategy} finished for replication group {group}: every node accepts {tokens:set} and nothing else",
	FactPasswordless:   "Replication group {group} still accepts clients without a token; SET the new token to close it",
	FactGuardRefuses: "AuthTokenUpdateStrategy {strategy} would end {ends:credential} of replication group {group}, {use}. Nothing was changed. " +
		`Have every client use the new token first; "aikagi token usage {group}" shows which do not. ` +
		"To change the token all the same, set the tag " + TagSetGuard + " of the group to warn or off.",
	FactGuardWarns: "Auth token {strategy} ends {ends:credential} of replication group {group}, {use}. Clients that use it fail when they reconnect",
	FactNotRotated: "The AUTH token to SET must be the one that was rotated in last. " +
		"SET is allowed only after ROTATE with the same AUTH token.",
	FactRotationForbids: "An AUTH token rotation of replication group {group} is under way ({rotation}, {state:state}). " +
		"Watch it with DescribeAuthTokenRotations, or end it with CancelAuthTokenRotation.",

	FactTransitRequested: "Change of encryption in transit requested for replication group {group}: {from} to {to}",
	FactExposedPlaintext: "Other machines can reach {group} in plaintext: whoever is on the way can read and change what clients send; change TransitEncryptionMode to required",
	FactExposedTokenless: "Other machines can reach {group} without a token: rotate one in, and SET it",

	FactTransitNone:      "Replication group {group} accepts plaintext connections only, on every node",
	FactTransitPreferred: "Replication group {group} accepts TLS and plaintext connections on the same addresses and ports, on every node",
	FactTransitRequired:  "Replication group {group} accepts TLS connections only, on every node",
	FactEndingPlaintext:  "TLS is required now: {connections:connection} in plaintext will be closed within {time:duration}",
	FactEndingTLS:        "Encryption in transit is off now: {connections:connection} over TLS will be closed within {time:duration}",

	FactTLSGuardRefuses: "TransitEncryptionMode required would end plaintext connections to replication group {group}: {use}. Nothing was changed. " +
		`Have every client use TLS first; "aikagi tls usage {group}" shows which do not. ` +
		"To change the mode all the same, set the tag " + TagTLSGuard + " of the group to warn or off.",
	FactTLSGuardWarns:    "TransitEncryptionMode required ends plaintext connections to replication group {group}: {use}. Clients that do not use TLS cannot connect any more",
	FactPlaintextInUse:   "{connections:number} open, {opened:number} in all, {last}[, by {users}][; {missing}]",
	FactPlaintextUnknown: "who connects in plaintext is not known[; {missing}]",
	FactPlaintextQuiet:   "nobody connects in plaintext; the last one did {since:ago}",
	FactPlaintextNever:   "nobody has connected in plaintext",
	FactGateless: "{nodes} of replication group {group} cannot change encryption in transit until restarted: an earlier release of aikagi has started them. Nothing was changed. " +
		"Reboot them (RebootCacheCluster), replicas first; a primary with automatic failover hands its role over before it restarts.",

	FactMoveBegun:     "Moving {group} from the address plan {from} to {to}: it is to serve at its places of both",
	FactMoveOpen:      "{group} serves at its places of the address plan {to}, and still at those of {from}; clients can change over",
	FactMoveClosing:   "The places of {group} by the address plan {plan} are being closed",
	FactMoveLeaving:   "Places are closed that the cache has left: {connections:connection} of clients there will be closed within {time:duration}",
	FactMoved:         "{group} has moved from the address plan {from} to {to}; the old places are given back",
	FactMoveCancelled: "The move of {group} to the address plan {to} was cancelled: it serves at its places of {from}",
	FactMoveRefused: "Clients still connect to {group} at its places of the address plan {plan}, which would be closed: {users}. Nothing was changed. " +
		`Have them use the others first; "aikagi move {group}" shows who does not. To close them all the same: --force.`,
	FactMoveUser: "{address} at {at} ({n:number})",
	FactGatelessMove: "{nodes} of {group} cannot be moved until restarted: an earlier release of aikagi has started them. Nothing was changed. " +
		"Reboot them (RebootCacheCluster), replicas first; a primary with automatic failover hands its role over before it restarts.",

	FactSecurityRequested: "Change of security groups requested for {group}: {ids}",
	FactSecurityUnknown: "Nothing is known here of security groups {ids}, so everybody who can reach {group} may connect to it. " +
		"Say whom they let in: aikagi security-group create",
	FactSecurityGone: "EC2 does not have security group {id} any more. Its last known rules stay in force for {group}",
	FactSecurityBack: "EC2 has security group {id} again: its rules are in force for {group}",
	FactSecurityLate: "Node {node} has not taken the rules of its security groups yet; those that it had before hold there",
	FactShutOut:      "Connections that the security groups no longer allow were closed: {connections:number}",
	FactGatelessSecurity: "{nodes} of {group} cannot enforce security groups until restarted: an earlier release of aikagi has started them. Nothing was changed. " +
		"Reboot them (RebootCacheCluster), replicas first; a primary with automatic failover hands its role over before it restarts.",

	FactTLSOffering:     "TransitEncryptionMode preferred requested: clients will be able to use TLS as well",
	FactTLSOffered:      "every node accepts TLS and plaintext; waiting for clients to stop connecting in plaintext",
	FactTLSRequiring:    "TransitEncryptionMode required requested: plaintext ends",
	FactTLSRequired:     "every node accepts TLS only",
	FactTLSStaysOffered: "{reason}; the group goes back to accepting TLS and plaintext",

	FactRequiredAlready:     "TLS is required: nobody can connect in plaintext.",
	FactRequiredNotYet:      "Every client connects in plaintext. TransitEncryptionMode preferred lets clients use TLS as well, and ends no connection.",
	FactRequiredRefused:     "TransitEncryptionMode required would be refused (" + TagTLSGuard + "=refuse): {use}.",
	FactRequiredEnds:        "TransitEncryptionMode required would end plaintext connections: {use}.",
	FactRequiredEndsNothing: "TransitEncryptionMode required would end no connection: {use}.",

	FactInUse:           "which is in use: {connections:connection}, {authentications:authentication}, {last}[, by {users}][; {missing}]",
	FactUsedNow:         "in use now",
	FactUsedLast:        "last used {since:ago}",
	FactUseUnknown:      "whose use is not known[; {missing}]",
	FactUsePartly:       "whose use is not fully known[; {missing}]",
	FactNodeMissing:     "node {node} could not be asked ({reason})",
	FactClientNamed:     "{name} ({about})",
	FactClientUnnamed:   "{about}",
	FactClientFormerly:  "{about} (called {names} before)",
	FactMoreClients:     "and {n:number} more",
	FactAtLeastMore:     "and at least {n:number} more",
	FactNothingToSet:    "There is nothing to SET: {held:credential} is all that is accepted.",
	FactSetWould:        "SET {effect}.",
	FactSetRefused:      "SET would be refused (" + TagSetGuard + "=refuse): it {effect}.",
	FactLocksOut:        "would lock out {connections:connection}[ of {users}], when they reconnect[{doubt}]",
	FactLocksOutRecent:  "would lock out clients that used {ends:credential} {since:ago}[: {users}][{doubt}]",
	FactPerhapsOthers:   ", and perhaps others: not every node could be asked",
	FactEndsDoubtful:    "would end {ends:credential}, {use}",
	FactEndsUnused:      "would end {ends:credential}, which nobody uses",
	FactEndsLastUsed:    "would end {ends:credential}, which was last used {since:ago}",
	FactNotRunning:      "it is not running",
	FactModuleTooOld:    "it cannot tell: until it is rebooted, it runs the engine module of an older aikagi",
	FactNoAnswer:        "it did not answer within {time:duration}",
	FactUnreachable:     "it cannot be reached",
	FactNobodyAsks:      "this server cannot ask it",
	FactUnknownOfNodes:  "who uses the old credential is not known for every node: {nodes}",
	FactNodeWhy:         "{node} ({reason})",
	FactRefusedOf:       "{n:refused login} of {clients}",
	FactRefusedOfNobody: "{n:refused login} of unknown clients",

	FactRotation:        rotationOf + ": {what}",
	FactRotationBegun:   rotationOf + " started ({cause:cause}): {old:fingerprint} is to end",
	FactRotateRequested: "ROTATE requested: {from:set} to {to:set}",
	FactDelivered:       "token {token:fingerprint} delivered to {to}; waiting for clients to stop using {old:fingerprint}",
	FactFinishWanted:    "its owner asked for it to be finished",
	FactSetRequested:    "SET requested: {from:set} to {to:set}",
	FactBrownoutBegun:   "brownout of {time:duration}: {from:set} to {to:set}",
	FactBrownoutFound:   "the brownout found clients that still use {old:fingerprint}: {refused}; it works again",
	FactSetProven:       "only {token:fingerprint} is accepted; refused logins with {old:fingerprint} are watched for {time:duration}",
	FactEvicting:        "connections that were opened with {old:fingerprint} are being closed over {time:duration}",
	FactHeldUp:          "held up, and being retried: {problem}",
	FactRollBackWanted:  "its owner asked for it to be rolled back",
	FactRolledBack:      "rolled back: {reason}; {old:fingerprint} is accepted again",
	FactCancelWanted:    "its owner asked for it to be cancelled",
	FactCancelled:       "cancelled; the group accepts {tokens:set}",
	FactGoesBack:        "{reason}; the group goes back to {tokens:set}",
	FactDeliveryEnded: "{state:state}: {reason}; the group accepts {tokens:set}; the second may have reached nobody, " +
		"and the next rotation replaces it",
	FactRotationFailed:    "failed: {reason}; the group accepts {tokens:set}",
	FactConcluded:         "{state:state}; every node accepts {tokens:set} and nothing else",
	FactOwnerCancelled:    "its owner cancelled it",
	FactOwnerRolledBack:   "its owner rolled it back",
	FactStillUsed:         "clients still use {old:fingerprint}: {refused}",
	FactTokensChanged:     "the tokens were changed in another way, to {tokens:set}",
	FactUndelivered:       "the token could not be delivered: {problem}",
	FactDestinationFailed: "check the destination: {detail}",
	FactStagingFailed:     "deliver the token: prepare the delivery: {detail}",
	FactDeliveryFailed:    "deliver the token: {detail}",
	FactGroupDeleted:      "replication group deleted",
	FactGroupLostIt:       "the group no longer has it",
	FactKillWarning: "connections are closed with CLIENT KILL, which may crash a node that runs {version} ({hole}, fixed in {mended}); " +
		"a node that crashes is restarted",
	FactScheduleSet:     "Auth token rotation of replication group {group} scheduled every {days:number} days, first at {at:time}",
	FactScheduleDropped: "Auth token rotation of replication group {group} is no longer scheduled",
	FactScheduleFailed:  "Scheduled auth token rotation of replication group {group} failed: {reason}; the next try is at {at:time}",
	FactScheduledEnded:  "{rotation} {state:state}: {reason}",
	FactTwoHeld: "Replication group {group} accepts two credentials, {tokens:set}, and a new token would end the first at once. " +
		"Finish the change that was begun: SET the newest token, or let aikagi do that (aikagi token rotate {group} --finish-only).",

	FactNodeEnded:        "Cache node ended unexpectedly ({reason}) and is being restarted",
	FactNodeHangs:        "Cache node does not answer and is being restarted",
	FactNodeRebooting:    "Cache node is being rebooted",
	FactNodeRestarted:    "Cache node restarted: {state}",
	FactBackInSync:       "in sync with its primary",
	FactKeysLoaded:       "{n:number} keys were loaded",
	FactSnapshotLoaded:   "{n:number} keys were loaded from its last snapshot; what was written after that snapshot is lost",
	FactUnwatched:        "while aikagi was not running",
	FactCannotSave:       "Cache node cannot write its snapshot and goes on without one; make sure that the data directory's disk has space",
	FactSavesAgain:       "Cache node can write its snapshot again",
	FactParameterRefused: "The value {value} of {setting} stays in the parameter group and is not in force: {engine} does not take it[ ({reason})]",
	FactDiskFull:         "The disk is full below {place}: changes are refused, and nodes that need a new file do not start; once there is free space, everything continues by itself",
	FactDiskRoom:         "The disk has room again below {place}",
	FactReplicaBehind:    "Replica {node} is behind by {time:duration} ({n:byte}) and has left the reader endpoint; its own address is closed until it has caught up",
	FactReplicaCaughtUp:  "Replica {node} has caught up after {time:duration} and can be read again",
	FactClientsFull:      "Client connections of node {node} are full ({n:number} of {limit:number})[, most of them from {from}]: new clients are refused until some of these close",
	FactClientsFrom:      "{address} ({n:number})",
	FactClientsRoom:      "Node {node} has connections for new clients again",
	FactClientsMend: "Find the programs that hold the connections (on this machine: ss -tnp 'dport = :{port}'), and have them close those that they do not need, or end them. " +
		"Clients that are still connected can close them with CLIENT KILL ADDR; a reboot of node {node} closes all.",
	FactAddressTaken:     "Address {at} of {whose} is taken by {taker}: clients cannot reach the cache there; once that program ends, everything continues by itself",
	FactRehomed:          "Address {at} of {whose} is not one of this machine's any more; clients connect to {to} instead",
	FactAddressRestored:  "Address {at} of {whose} was taken off this machine's network interface, and has been added again",
	FactAddressContested: "Address {at} of {whose} is used by another machine of the network, too ({machine}): clients may end up there; reserve the range of --pool-range for aikagi",
	FactAddressFree:      "Address {at} of {whose} is free again",
	FactPrimaryEndpoint:  "the primary endpoint",
	FactReaderEndpoint:   "the reader endpoint",
	FactOneNode:          "node {node}",
	FactTakenByProcess:   "process {pid} ({program})",
	FactTakenByUser:      "a program of user {user}",
	FactTakenBySomebody:  "another program",
	FactVersionSucceeds:  "{old} is no longer installed; {new} takes its place at the next start of each node",
	FactBuildGone: "{version}, which {group} runs, is no longer installed, and nothing that could take its place is: nodes that run go on, and none can start. " +
		"Install it again, and name it with --engine-path",
	FactBuildBack:         "{version}, which {group} runs, is installed again",
	FactServedByAlias:     "{group} has asked for {asked}, which is not installed here: {build} serves it",
	FactUpgradeRequested:  "Upgrade of {group} requested: from {from} to {to}",
	FactUpgradeWaits:      "Upgrade of {group} to {to} waits for the maintenance window, {window}",
	FactUpgradeRestarts:   "Node {node} restarts with {version}",
	FactUpgradeGivenUp:    "Upgrade of {group} from {from} to {to} is given up, and {from} goes on: {reason}",
	FactUpgraded:          "{group} runs {version} on every node",
	FactNotInstalled:      "{version} is not installed any more",
	FactAdding:            "Adding {nodes} to replication group {group}",
	FactRemoving:          "Removing {nodes} from replication group {group}",
	FactCreationFailed:    "Creation of {group} failed: {reason}",
	FactGroupDeleting:     "Replication group {group} is being deleted",
	FactClusterDeleting:   "Cache cluster {group} is being deleted",
	FactPromotion:         "Promotion of {node} to primary requested for replication group {group}",
	FactFailoverGivenUp:   "Failover of replication group {group} was given up: {reason}",
	FactLostBeforeSync:    "no replica was in sync when the primary was lost",
	FactNoReplicaInSync:   "no replica got in sync",
	FactFailoverOvertaken: "another failover began, or the group was deleted, before every node was back",

	FactCannotStart:               "Cache node cannot start: {fault}",
	FactNodeCannotStart:           "{node} cannot start: {fault}",
	FactNodeFault:                 "{why} ({evidence}). {fix}",
	FactSetAsideAsked:             "Cache node's snapshot ({bytes:number} bytes, written {written:time}) could not be loaded and was set aside as {file}; the node starts empty, without the data in that file",
	FactSetAsideForOthers:         "Cache node's snapshot ({bytes:number} bytes, written {written:time}) could not be loaded and was set aside as {file}; the node copies its data from another one",
	FactNothingSetAside:           "Cache node has no snapshot to set aside, and starts empty",
	"node-fault-snapshot":         "its snapshot, dump.rdb, is damaged or does not fit into memory",
	"node-fault-module":           "the engine module is missing or damaged",
	"node-fault-configuration":    "the engine rejects its configuration",
	"node-fault-address":          "an address or a socket that it needs is taken",
	"node-fault-permission":       "it may not read or write one of its files",
	"node-fault-memory":           "there is not enough memory",
	"node-fault-disk":             "the data directory's disk is full or cannot be written to",
	"node-fault-engine":           "the engine's program cannot be run",
	"node-fault-crash":            "the engine crashes during its start",
	"node-fault-unknown":          "the engine exits at once",
	"node-fault-snapshot-version": "its snapshot, dump.rdb, was written by a newer engine than the installed one",
	"node-mend-snapshot":          "Put a good dump.rdb into the node's directory; or, if redis-check-rdb or valkey-check-rdb finds no fault in the file, give the machine more memory; or start the node without its data: aikagi node repair {node}",
	"node-mend-snapshot-version":  "Install the engine version that wrote it, and restart aikagi; or start the node without its data: aikagi node repair {node}",
	"node-mend-module":            "Restart aikagi, which rebuilds the module if it can; or build one with aikagi module build, and pass it to aikagi serve --engine-module.",
	"node-mend-configuration":     "Check whether the engine's package was changed, and if so install the previous version: aikagi rewrites the configuration for each start. The node is retried automatically.",
	"node-mend-address":           "Find the program that uses it (ss -ltnp, ss -lxp), and stop it. The node is retried automatically.",
	"node-mend-permission":        "Make the user that the node runs as the owner of the node's directory and everything in it again. The node is retried automatically.",
	"node-mend-memory":            "Give the machine more memory, or stop what uses it (dmesg shows processes that were killed for lack of memory). The node is retried automatically.",
	"node-mend-disk":              "Make room on the data directory's disk, and make sure that it is not mounted read-only (df, mount). The node is retried automatically.",
	"node-mend-engine":            "Reinstall the engine, or pass it to aikagi serve --engine-path; the user that nodes run as must be able to execute it. Then restart aikagi.",
	"node-mend-crash":             "engine.log and start.log in the node's directory have the engine's full output. The node is retried automatically.",
	"node-mend-unknown":           "engine.log and start.log in the node's directory have the engine's full output. The node is retried automatically.",
}
