// Package disk tells how much room a file system has, and when that is too little to go on with.
package disk

import "syscall"

// RoomNeeded is the space in bytes below which a disk counts as full: what is asked for anew is refused
// then, and what is left is for what must be written down.
const RoomNeeded = 256 << 10

// RoomAgain is the space from which on a disk that was full has room again. It is more, so that a disk at
// the limit is not full and not full in turn.
const RoomAgain = 1 << 20

// Free is the space below a directory that this user may fill, in bytes; 0 if no file can be made there.
func Free(directory string) (uint64, error) {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(directory, &stat); err != nil {
		return 0, err
	}
	if stat.Files > 0 && stat.Ffree == 0 {
		return 0, nil
	}
	return stat.Bavail * uint64(stat.Bsize), nil
}

// HasRoom reports whether the file system still takes data and files. One that does not tell is taken to.
func HasRoom(directory string) bool {
	free, err := Free(directory)
	return err != nil || free >= RoomNeeded
}
