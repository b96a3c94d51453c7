package process

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"time"
)

// The fields of /proc/PID/stat that are read here, by their numbers in
// proc_pid_stat(5).
const (
	statState     = 3
	statUserTime  = 14 // of all threads, like the next
	statSysTime   = 15
	statStartTime = 22
)

// tick is the unit of times in /proc, 1/USER_HZ. It is part of the kernel's interface
// and the same on every machine that Go knows.
const tick = time.Second / 100

// stat is what /proc/PID/stat says, from the field statState on.
type stat [][]byte

func readStat(pid int) (stat, error) {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil, err
	}
	// The field before is the program's name in parentheses and may have any characters.
	fields := bytes.Fields(line[bytes.LastIndexByte(line, ')')+1:])
	if len(fields) <= statStartTime-statState {
		return nil, fmt.Errorf("parse /proc/%d/stat", pid)
	}
	return fields, nil
}

func (s stat) field(number int) []byte { return s[number-statState] }

// ticks is a field that counts ticks.
func (s stat) ticks(number int) (time.Duration, error) {
	n, err := strconv.ParseInt(string(s.field(number)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("parse field %d of process status: %w", number, err)
	}
	return time.Duration(n) * tick, nil
}
