package sigv4

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"time"
)

func stringToSign(at time.Time, s scope, canonicalRequest string) string {
	return algorithm + "\n" + basic(at) + "\n" + s.String() + "\n" + hash([]byte(canonicalRequest))
}

// signature derives the key for the scope from the secret and signs with it.
func signature(secret Secret, s scope, toSign string) string {
	key := []byte("AWS4" + string(secret))
	for _, part := range []string{s.date, s.region, s.service, terminator} {
		key = mac(key, part)
	}
	return hex.EncodeToString(mac(key, toSign))
}

func mac(key []byte, message string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(message))
	return h.Sum(nil)
}
