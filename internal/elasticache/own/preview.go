package own

import "github.com/aws/aws-sdk-go-v2/service/elasticache/types"

// PreviewAuthTokenChange tells what ModifyReplicationGroup would do with these parameters now. Nothing is changed by it, and
// nobody remembers the token.
const PreviewAuthTokenChange Action[PreviewAuthTokenChangeInput, TokenPreview] = "PreviewAuthTokenChange"

// PreviewAuthTokenChangeInput has parameters of ModifyReplicationGroup.
type PreviewAuthTokenChangeInput struct {
	ReplicationGroupId      *string
	AuthToken               *string
	AuthTokenUpdateStrategy types.AuthTokenUpdateStrategyType
}

// TokenPreview is what a token change would do now; see [replication.TokenPreview].
type TokenPreview struct {
	ReplicationGroupId string
	Refusal            *TokenRefusal // absent: it would be accepted
	Warning            string        `query:"omitempty"` // the event that it would write beside its own; absent: none
	WarningFact        *Fact         // what the warning says
	Guard              string        // the tag aikagi:set-guard
	Quiet              string        // the tag aikagi:set-guard-quiet

	Before             []Credential // what is accepted now, oldest first
	After              []Credential // what would be; empty if anything but the guard refuses. Without AddedAt
	PasswordlessBefore bool         // clients without a token are accepted
	PasswordlessAfter  *bool        // absent when After is empty
	Ends               string       `query:"omitempty"` // the credential that is lost; absent: none is

	// What is known of the use of the credential that ends. Without one nobody is asked, and these are absent or empty.

	InUse                *bool
	UsageComplete        *bool         // every node was asked; otherwise there may be more clients
	MissingNodes         []MissingNode // that could not be asked
	LockedOut            []Client      // who uses it now, or did within Quiet
	OtherClients         *Client       // the sum of those that are too many to list
	LockedOutConnections *int32        // that are open now; they stay so, but cannot be made anew
}

// TokenRefusal is what ModifyReplicationGroup would answer.
type TokenRefusal struct {
	Code    string
	Message string
	Fact    *Fact // what the message says; absent: it is in the original's words
}
