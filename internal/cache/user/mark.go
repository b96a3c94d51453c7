package user

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
)

// Mark tells accounts apart, by all that a node is to know of them: two lists have the same mark if nothing differs. Empty: there are none.
func Mark(accounts []Account) string {
	if len(accounts) == 0 {
		return ""
	}
	var b strings.Builder
	for _, a := range accounts {
		fmt.Fprintf(&b, "%q %t %t %t %q", a.Name, a.On, a.NoPassword, a.IAM, a.Access)
		for _, d := range a.Digests {
			b.WriteString(" " + d.Hex())
		}
		b.WriteByte('\n')
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:12])
}
