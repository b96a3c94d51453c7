package cache

// culpritsKept is how many of those who were refused a rotation names.
const culpritsKept = 20

func (r *Rotation) Blame(refused int64, culprits []ClientUsage) {
	r.Refused = refused
	r.Culprits = append([]ClientUsage(nil), culprits[:min(len(culprits), culpritsKept)]...)
}

// Blamed names those who were refused.
func (r *Rotation) Blamed() Saying {
	if len(r.Culprits) == 0 {
		return Say(FactRefusedOfNobody, "n", r.Refused)
	}
	return Say(FactRefusedOf, "n", r.Refused, "clients", ClientSayings(r.Culprits, 0))
}
