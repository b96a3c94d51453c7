package atrest

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"fmt"
)

// master wraps data keys with AES-256-GCM under a key that is derived from the master key.
type master struct{ aead cipher.AEAD }

func newMaster(masterKey []byte) master {
	kek, err := hkdf.Key(sha256.New, masterKey, nil, "aikagi data keys", 32)
	if err != nil {
		panic(err) // the length is one that it has
	}
	block, err := aes.NewCipher(kek)
	if err != nil {
		panic(err) // so is this one
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // AES has the block size
	}
	return master{aead}
}

// wrap binds the key to the group: the wrapped form opens for no other one.
func (m master) wrap(key Key, group string) []byte {
	return m.aead.Seal(nil, nil, key.bytes, []byte(group)) //nolint:gosec // this form of GCM wants no nonce: it makes one
}

func (m master) unwrap(wrapped []byte, group string) (Key, error) {
	bytes, err := m.aead.Open(nil, nil, wrapped, []byte(group))
	if err != nil {
		return Key{}, fmt.Errorf("%w with this master key", ErrWrapped)
	}
	return parseKey(bytes)
}
