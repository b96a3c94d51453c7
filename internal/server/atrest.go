package server

import (
	"errors"

	"github.com/aikagi/aikagi/internal/atrest"
	"github.com/aikagi/aikagi/internal/elasticache/group"
	"github.com/aikagi/aikagi/internal/fscrypt"
	"github.com/aikagi/aikagi/internal/provider/process"
)

// KMS says which key management service wraps the keys of groups that name one of its keys.
type KMS struct {
	Endpoint string // URL; empty: there is none
	Region   string // that requests are signed for; empty: that of the server
}

func (k *KMS) fill(region string) {
	if k.Region == "" {
		k.Region = region
	}
}

func (k *KMS) validate() error { return checkAPI("--kms-endpoint", k.Endpoint) }

// dataKeys are what groups' files are encrypted with.
func (s *Server) dataKeys(masterKey []byte) *atrest.Keys {
	o := &s.options
	if o.KMS.Endpoint == "" {
		return atrest.New(masterKey, nil)
	}
	s.warnOfPlainHTTP(o.KMS.Endpoint, "whoever is in between can read the keys of caches' files")
	return atrest.New(masterKey, atrest.NewKMS(atrest.KMSOptions{Endpoint: o.KMS.Endpoint, Region: o.KMS.Region}))
}

// atRest finds out whether nodes' files can be encrypted here.
func (s *Server) atRest(keys *atrest.Keys) group.AtRest {
	covered, err := process.CheckSealing(s.dir.Nodes())
	offer := group.AtRest{Covered: covered || s.options.EncryptedDir, Key: keys.Make}
	switch {
	case covered:
		offer.Key, offer.Hindrance = nil, "its data directory is encrypted already, with a key that is not aikagi's, so no other one can be used. Leave KmsKeyId out."
	case errors.Is(err, fscrypt.ErrUnsupported):
		offer.Key, offer.Hindrance = nil, "the file system of its data directory does not do that. Turn it on (on ext4: tune2fs -O encrypt DEVICE), which takes no outage, and restart aikagi; "+
			"or put the data directory on an encrypted disk, and say so with serve --encrypted-data-dir. aikagi doctor tells more."
	case err != nil: // as on a full disk, which need not stay so: a creation will show
		s.options.Logger.Warn("it is not known whether nodes' files can be encrypted", "error", err)
	}
	return offer
}
