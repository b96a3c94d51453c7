package main

import (
	"fmt"
	"os/exec"
	"syscall"
)

// keepBusy takes processor time from everything else, by so many loops, until end.
func keepBusy(loops int) (end func(), err error) {
	var running []*exec.Cmd
	end = func() {
		for _, loop := range running {
			_ = loop.Process.Kill()
			_ = loop.Wait() // that it was killed
		}
	}
	for range loops {
		loop := exec.Command("sh", "-c", "while :; do :; done")
		loop.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} // they must not outlive us
		if err := loop.Start(); err != nil {
			end()
			return nil, fmt.Errorf("keep the machine busy: %w", err)
		}
		running = append(running, loop)
	}
	return end, nil
}
