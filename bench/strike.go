package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// strikeTimeout bounds the time until a signal has taken effect.
const strikeTimeout = 5 * time.Second

// strike sends SIGKILL or SIGSTOP to a process, and returns when the signal was
// sent and when the process was certainly dead or stopped: what is acknowledged to a
// write that began after that, was acknowledged by somebody else.
func strike(pid int, signal syscall.Signal) (sent, effective time.Time, err error) {
	descriptor, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		return sent, effective, fmt.Errorf("strike process %d: %w", pid, err)
	}
	defer unix.Close(descriptor)
	sent = time.Now()
	if err := unix.PidfdSendSignal(descriptor, signal, nil, 0); err != nil {
		return sent, effective, fmt.Errorf("strike process %d: %w", pid, err)
	}
	if signal == syscall.SIGKILL {
		err = awaitDeath(descriptor)
	} else {
		err = awaitStopped(pid)
	}
	if err != nil {
		return sent, effective, fmt.Errorf("strike process %d: %w", pid, err)
	}
	return sent, time.Now(), nil
}

func awaitDeath(descriptor int) error {
	for deadline := time.Now().Add(strikeTimeout); ; {
		left := time.Until(deadline)
		n, err := unix.Poll([]unix.PollFd{{Fd: int32(descriptor), Events: unix.POLLIN}}, int(max(left, 0)/time.Millisecond))
		switch {
		case n == 1:
			return nil
		case errors.Is(err, unix.EINTR):
		case err != nil:
			return err
		case left <= 0:
			return fmt.Errorf("it lives %s after the signal", strikeTimeout)
		}
	}
}

func awaitStopped(pid int) error {
	for deadline := time.Now().Add(strikeTimeout); ; time.Sleep(100 * time.Microsecond) {
		fields, err := statFields(pid)
		switch {
		case err != nil:
			return err
		case fields[0] == "T":
			return nil
		case time.Now().After(deadline):
			return fmt.Errorf("it is not stopped %s after the signal", strikeTimeout)
		}
	}
}

// statFields are the fields of a process's stat file from its state on.
func statFields(pid int) ([]string, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, err
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 20 {
		return nil, fmt.Errorf("stat of process %d has %d fields", pid, len(fields))
	}
	return fields, nil
}

// ticksPerSecond is what the kernel counts start times in, on every platform that
// Go runs on (USER_HZ).
const ticksPerSecond = 100

// age is how long a process has lived.
func age(pid int) (time.Duration, error) {
	fields, err := statFields(pid)
	if err != nil {
		return 0, err
	}
	ticks, err := strconv.ParseInt(fields[19], 10, 64) // starttime, proc_pid_stat(5)
	if err != nil {
		return 0, fmt.Errorf("read age of process %d: %w", pid, err)
	}
	var now unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_BOOTTIME, &now); err != nil {
		return 0, fmt.Errorf("read age of process %d: %w", pid, err)
	}
	return time.Duration(now.Nano()) - time.Duration(ticks)*time.Second/ticksPerSecond, nil
}
