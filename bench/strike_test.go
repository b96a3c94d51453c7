package main

import (
	"os/exec"
	"syscall"
	"testing"
	"time"
)

func TestStrike(t *testing.T) {
	t.Parallel()
	command := exec.Command("sleep", "60")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	defer end(command)
	pid := command.Process.Pid
	if lived, err := age(pid); err != nil || lived < 0 || lived > 30*time.Second {
		t.Errorf("age of a new process is %s, error %v", lived, err)
	}
	for _, tt := range []struct {
		signal syscall.Signal
		state  string
	}{{syscall.SIGSTOP, "T"}, {syscall.SIGKILL, "Z"}} {
		sent, effective, err := strike(pid, tt.signal)
		if err != nil {
			t.Fatalf("%s: %v", tt.signal, err)
		}
		if effective.Before(sent) {
			t.Errorf("%s: in effect %s before it was sent", tt.signal, sent.Sub(effective))
		}
		if fields, err := statFields(pid); err != nil || fields[0] != tt.state {
			t.Errorf("%s: state is %v, error %v; want %s", tt.signal, fields, err, tt.state)
		}
	}
	end(command)
	if _, _, err := strike(pid, syscall.SIGKILL); err == nil {
		t.Error("a process that is gone can be struck")
	}
}
