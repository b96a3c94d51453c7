package cache

// TagAllowRestore is the tag with which the owner of a group lets its clients use RESTORE, which is refused
// otherwise: a forged payload may end or hold up an engine.
const TagAllowRestore = TagOwn + "allow-restore"

// AllowsRestore reports whether clients of the group may use RESTORE.
func (g *ReplicationGroup) AllowsRestore() bool { return g.Tags[TagAllowRestore] == "true" }

func validSwitch(value string) bool { return value == "true" || value == "false" }
