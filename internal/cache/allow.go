package cache

// TagAllowRestore is the tag with which the owner of a group lets its clients use RESTORE, which is refused
// otherwise: a forged payload may end or hold up an engine.
const TagAllowRestore = TagOwn + "allow-restore"

// AllowsRestore reports whether the clients of a group with these tags may use RESTORE.
func (t Tags) AllowsRestore() bool { return t[TagAllowRestore] == "true" }

func validSwitch(value string) bool { return value == "true" || value == "false" }
