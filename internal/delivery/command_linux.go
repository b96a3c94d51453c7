package delivery

import "syscall"

// attributes put a program into a process group of its own, and end it when the
// thread that started it ends, as it does when aikagi is killed.
func attributes() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
