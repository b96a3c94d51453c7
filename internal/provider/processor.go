package provider

// ProcessorTeller is a provider that can tell how many processors a node may use, were it alone.
type ProcessorTeller interface {
	// Processors is at least 1. It may change while the provider runs, as limits of the machine do.
	Processors() int
}

// ProcessorsOf asks a provider for the processors that a node may use. With one that cannot tell, nothing can be planned with more than one.
func ProcessorsOf(p Provider) int {
	if teller, ok := p.(ProcessorTeller); ok {
		return teller.Processors()
	}
	return 1
}

// Sharer is a provider that can divide the processors among its nodes when there are too few of them. It is no limit: what others leave,
// every node can use.
type Sharer interface {
	// Shares reports whether it does: the machine may not let it.
	Shares() bool
	// Share gives a running process its part by the vCPUs of the node's type, as Launch.VCPUs does at a start. It may be repeated. One
	// that the machine refuses its part runs on with what it has, and the provider says so in its log. Errors: ErrAbsent, ErrNotRunning.
	Share(node NodeName, vcpus int) error
}

// Shares reports whether a provider divides the processors among its nodes.
func Shares(p Provider) bool {
	sharer, ok := p.(Sharer)
	return ok && sharer.Shares()
}

// Share gives a running process its part. A provider that does not divide the processors has nothing to do.
func Share(p Provider, node NodeName, vcpus int) error {
	if sharer, ok := p.(Sharer); ok && sharer.Shares() {
		return sharer.Share(node, vcpus)
	}
	return nil
}
