package address

// Occupant is who has an address that somebody else is to have, as far as the system tells.
type Occupant struct {
	PID     int    // 0: not known, as when the process is another user's
	Program string // the name that the process gives itself; empty: not known
	User    string // name or number of the user that it runs as; empty: not known
}
