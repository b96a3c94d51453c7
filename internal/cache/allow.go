package cache

// TagAllowRestore is the tag with which the owner of a group lets its clients use RESTORE, which is refused
// otherwise: a forged payload may end or hold up an engine.
const TagAllowRestore = TagOwn + "allow-restore"

// AllowsRestore reports whether the clients of a group with these tags may use RESTORE.
func (t Tags) AllowsRestore() bool { return t[TagAllowRestore] == "true" }

// TagAllowPlaintext is the tag with which the owner of a group that other machines can reach lets its clients connect in
// plaintext, which is refused otherwise: whoever is on the way reads and changes what they send.
const TagAllowPlaintext = TagOwn + "allow-plaintext"

// AllowsPlaintext reports whether clients on other machines may connect in plaintext to a group with these tags.
func (t Tags) AllowsPlaintext() bool { return t[TagAllowPlaintext] == "true" }

func validSwitch(value string) bool { return value == "true" || value == "false" }
