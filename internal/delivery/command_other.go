//go:build !linux

package delivery

import "syscall"

// attributes put a program into a process group of its own. Only Linux can promise that it ends with aikagi.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true}
}
