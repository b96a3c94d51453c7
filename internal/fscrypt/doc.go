// Package fscrypt has the kernel encrypt a directory: the contents and the names of all that is in it, each file with a key that the
// kernel derives from the directory's. ext4 and f2fs can where that is turned on, and so can some others.
//
//	          Seal                    the machine restarts, Forget
//	plain ───────────► open ──────────────────────────────────────► locked
//	(empty)             ▲                                              │
//	                    └──────────────────────────────────────────────┘
//	                              Seal, with the same key
//
// A locked directory shows names that mean nothing. None of its files can be opened, and none can be made in it; it can be removed. What
// has been opened before stays open, so a process outlives the key that it works with.
//
// The kernel keeps keys by file system, in memory only. They are not bound to who has given them: anybody who may open a file by its mode
// reads it while the directory is open.
//
// Source: Linux, Documentation/filesystems/fscrypt.rst.
package fscrypt

import "errors"

// KeySize is the length of a key in bytes. No kernel that has fscrypt's second form of policies wants a longer one for AES-256-XTS.
const KeySize = 64

// Errors of [Seal] and [Check], wrapped with what the system says.
var (
	// ErrUnsupported: the file system, or the kernel, cannot encrypt.
	ErrUnsupported = errors.New("the file system does not encrypt")
	// ErrOtherKey: the directory is encrypted with another key, or by somebody else.
	ErrOtherKey = errors.New("the directory is encrypted with another key")
	// ErrQuota: the kernel keeps no more keys for this user. Root has no such limit.
	ErrQuota = errors.New("the kernel keeps no more keys for this user (sysctl kernel.keys.maxkeys and kernel.keys.maxbytes)")
	// ErrNotEmpty: the directory has something in it that is not encrypted.
	ErrNotEmpty = errors.New("the directory is not empty, and not encrypted")
)

// ID names a key: the kernel derives it from the key, and it tells nothing of it.
type ID [16]byte
