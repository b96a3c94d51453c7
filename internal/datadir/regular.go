package datadir

import (
	"fmt"
	"os"
)

// wayOut adds to an error about a file of the directory what to do when something else lies in its
// place.
func wayOut(path string, err error) error {
	info, statErr := os.Lstat(path)
	switch {
	case err == nil || statErr != nil || info.Mode().IsRegular():
		return err
	case info.IsDir():
		return fmt.Errorf("%s is a directory and must be a file; move it away, and restore the file from a backup if there is one (%w)", path, err)
	}
	return fmt.Errorf("%s is not a regular file; move it away, and restore the file from a backup if there is one (%w)", path, err)
}
