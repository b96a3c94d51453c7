package own

// Action is the name of an action; its type says what the action takes and answers.
type Action[Input, Output any] string

// NoInput is that of an action that takes nothing.
type NoInput struct{}

// GroupInput names the replication group that an action is about.
type GroupInput struct {
	ReplicationGroupId *string
}
