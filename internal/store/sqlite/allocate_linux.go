package sqlite

import (
	"errors"
	"os"
	"syscall"
)

// allocate gives a file space on the disk. A file system that cannot do it gives none.
func allocate(file *os.File, size int64) error {
	err := syscall.Fallocate(int(file.Fd()), 0, 0, size)
	if errors.Is(err, syscall.EOPNOTSUPP) || errors.Is(err, syscall.ENOSYS) {
		return nil
	}
	return err
}
