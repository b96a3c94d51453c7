//go:build !linux

package delivery

import "syscall"

// attributes put a program into a process group of its own. That it ends with
// aikagi only Linux can promise.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
