package own

// TestUserAccess asks an engine whether a user's access would let a command through, now or after a change. Nothing is run, and nothing is changed.
const TestUserAccess Action[TestUserAccessInput, TestUserAccessOutput] = "TestUserAccess"

// TestUserAccessInput has parameters of ModifyUser, and the command.
type TestUserAccessInput struct {
	UserId             *string
	AccessString       *string  // instead of the one that it has
	AppendAccessString *string  // behind the one that it has
	Command            []string // its name and its arguments
	ReplicationGroupId *string  // whose engine is asked; default: one that has the user, or any
}

// TestUserAccessOutput is the engine's answer.
type TestUserAccessOutput struct {
	UserId         string `json:"user_id"`
	AccessString   string `json:"access_string"` // that was tried
	Allowed        bool   `json:"allowed"`
	Reason         string `json:"reason,omitempty" query:"omitempty"`           // why not; absent: it is allowed
	CacheClusterId string `json:"cache_cluster_id,omitempty" query:"omitempty"` // the node that was asked; absent: no engine had to be
	EngineVersion  string `json:"engine_version,omitempty" query:"omitempty"`   // that it runs, like "redis 7.0.15"
}
