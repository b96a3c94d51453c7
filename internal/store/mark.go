package store

// Mark names something that a file beside the store is recognised by, so that one that was lost, or is
// another directory's, is not taken for the right one. None of them is a secret.
type Mark string

// The marks.
const (
	MarkMasterKey Mark = "master-key" // a MAC that only the master key makes
	MarkAuthority Mark = "authority"  // the CA's certificate, PEM
	MarkAccessKey Mark = "access-key" // the id of the access key
)
