package fscrypt

import (
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Seal has all that will be in an empty directory be encrypted under a key of [KeySize] bytes, and opens one that was sealed with it
// before. It may be repeated. Errors: ErrUnsupported, ErrOtherKey, ErrNotEmpty, ErrQuota, those of the system.
func Seal(dir *os.File, key []byte) error {
	if len(key) != KeySize {
		return fmt.Errorf("the key has %d bytes, want %d", len(key), KeySize)
	}
	has, err := KeyOf(dir)
	if err != nil {
		return err
	}
	id, err := addKey(dir, key)
	if err != nil {
		return err
	}
	switch {
	case has == nil:
		err = setPolicy(dir, id)
	case *has != id:
		err = ErrOtherKey
	}
	if err != nil {
		return errors.Join(err, Forget(dir, id)) // nothing else has it: keys are a directory's own
	}
	return nil
}

// KeyOf names the key of a directory; nil: it is not encrypted. Errors: ErrUnsupported, ErrOtherKey for one that is encrypted in a form
// that is not ours.
func KeyOf(dir *os.File) (*ID, error) {
	arg := unix.FscryptGetPolicyExArg{Size: uint64(len(unix.FscryptGetPolicyExArg{}.Policy))}
	err := ioctl(dir, unix.FS_IOC_GET_ENCRYPTION_POLICY_EX, &arg)
	switch {
	case errors.Is(err, unix.ENODATA):
		return nil, nil
	case err != nil:
		return nil, unsupported(err)
	}
	// What it is told has the form of unix.FscryptPolicyV2: the version first, the key's name last.
	if arg.Policy[0] != unix.FSCRYPT_POLICY_V2 {
		return nil, ErrOtherKey
	}
	id := ID(arg.Policy[len(arg.Policy)-len(ID{}):])
	return &id, nil
}

// IsOpen reports whether a directory is sealed, and its files can be read and written.
func IsOpen(dir *os.File) (bool, error) {
	id, err := KeyOf(dir)
	if id == nil || err != nil {
		return false, err
	}
	arg := unix.FscryptGetKeyStatusArg{Key_spec: specifier(*id)}
	if err := ioctl(dir, unix.FS_IOC_GET_ENCRYPTION_KEY_STATUS, &arg); err != nil {
		return false, fmt.Errorf("ask for a key: %w", err)
	}
	return arg.Status == unix.FSCRYPT_KEY_STATUS_PRESENT, nil
}

// Forget has the kernel forget a key: directories that were sealed with it are locked, but for what processes have open. at is any file of
// the same file system. A key that the kernel does not have is no error.
func Forget(at *os.File, id ID) error {
	var arg unix.FscryptRemoveKeyArg
	arg.Key_spec = specifier(id)
	err := ioctl(at, unix.FS_IOC_REMOVE_ENCRYPTION_KEY, &arg)
	if err != nil && !errors.Is(err, unix.ENOKEY) {
		return fmt.Errorf("forget key: %w", err)
	}
	return nil
}

// Check tries whether directories can be sealed below this one, with one that it makes and removes, and whose name begins with scratch.
// inherited: what is made there is encrypted already, by somebody else. Errors: ErrUnsupported, those of the system.
func Check(parent, scratch string) (inherited bool, err error) {
	path, err := os.MkdirTemp(parent, scratch)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, os.Remove(path)) }()
	dir, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer dir.Close()
	if id, err := KeyOf(dir); id != nil || errors.Is(err, ErrOtherKey) {
		return true, nil
	}
	key := make([]byte, KeySize)
	_, _ = rand.Read(key) // never fails (crypto/rand)
	if err := Seal(dir, key); err != nil {
		return false, err
	}
	id, err := KeyOf(dir)
	if err != nil {
		return false, err
	}
	return false, Forget(dir, *id)
}

func addKey(dir *os.File, key []byte) (ID, error) {
	var arg struct {
		unix.FscryptAddKeyArg
		raw [KeySize]byte
	}
	arg.Key_spec.Type, arg.Raw_size = unix.FSCRYPT_KEY_SPEC_TYPE_IDENTIFIER, KeySize
	copy(arg.raw[:], key)
	defer clear(arg.raw[:])
	err := ioctl(dir, unix.FS_IOC_ADD_ENCRYPTION_KEY, &arg)
	switch {
	case errors.Is(err, unix.EDQUOT): // which elsewhere says that the disk is full
		return ID{}, ErrQuota
	case err != nil:
		return ID{}, fmt.Errorf("give the kernel a key: %w", unsupported(err))
	}
	return ID(arg.Key_spec.U[:len(ID{})]), nil
}

func setPolicy(dir *os.File, id ID) error {
	policy := unix.FscryptPolicyV2{
		Version: unix.FSCRYPT_POLICY_V2, Contents_encryption_mode: unix.FSCRYPT_MODE_AES_256_XTS, Filenames_encryption_mode: unix.FSCRYPT_MODE_AES_256_CTS,
		Flags: unix.FSCRYPT_POLICY_FLAGS_PAD_32, Master_key_identifier: id,
	}
	err := ioctl(dir, unix.FS_IOC_SET_ENCRYPTION_POLICY, &policy)
	switch {
	case errors.Is(err, unix.ENOTEMPTY):
		return ErrNotEmpty
	case errors.Is(err, unix.EEXIST): // somebody was faster
		return ErrOtherKey
	case err != nil:
		return fmt.Errorf("set encryption policy: %w", unsupported(err))
	}
	return nil
}

func specifier(id ID) unix.FscryptKeySpecifier {
	s := unix.FscryptKeySpecifier{Type: unix.FSCRYPT_KEY_SPEC_TYPE_IDENTIFIER}
	copy(s.U[:], id[:])
	return s
}

// unsupported adds ErrUnsupported to what the system says where it cannot encrypt: the file system has no such request, it is not turned
// on, or the kernel has not the ciphers.
func unsupported(err error) error {
	for _, cannot := range []syscall.Errno{unix.ENOTTY, unix.EOPNOTSUPP, unix.ENOSYS, unix.ENOPKG} {
		if errors.Is(err, cannot) {
			return fmt.Errorf("%w: %w", ErrUnsupported, err)
		}
	}
	return err
}

func ioctl[T any](at *os.File, request uintptr, arg *T) error {
	conn, err := at.SyscallConn()
	if err != nil {
		return err
	}
	var errno syscall.Errno
	err = conn.Control(func(fd uintptr) {
		_, _, errno = unix.Syscall(unix.SYS_IOCTL, fd, request, uintptr(unsafe.Pointer(arg))) //nolint:gosec // as the system wants it
	})
	if err == nil && errno != 0 {
		err = errno
	}
	return err
}
