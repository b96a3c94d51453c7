package cache

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Windows that a group gets when it names none.
const (
	DefaultMaintenanceWindow = "sun:23:00-mon:00:00"
	DefaultSnapshotWindow    = "05:00-06:00"
)

const (
	minutesPerDay  = 24 * 60
	minutesPerWeek = 7 * minutesPerDay
	windowMinimum  = 60 // minutes
)

var (
	maintenanceWindow = regexp.MustCompile(`^([a-z]{3}):(\d\d):(\d\d)-([a-z]{3}):(\d\d):(\d\d)$`)
	snapshotWindow    = regexp.MustCompile(`^(\d\d):(\d\d)-(\d\d):(\d\d)$`)
)

// ParseMaintenanceWindow checks a weekly window in UTC, ddd:hh24:mi-ddd:hh24:mi,
// of at least an hour, and returns it in lower case; empty means the default.
func ParseMaintenanceWindow(s string) (string, error) {
	if s == "" {
		return DefaultMaintenanceWindow, nil
	}
	s = strings.ToLower(s)
	m := maintenanceWindow.FindStringSubmatch(s)
	if m == nil {
		return "", Errorf(KindInvalid, "The maintenance window %q is not of the form ddd:hh24:mi-ddd:hh24:mi.", s)
	}
	start, err1 := minuteOfWeek(m[1], m[2], m[3])
	end, err2 := minuteOfWeek(m[4], m[5], m[6])
	if err1 != nil || err2 != nil {
		return "", Errorf(KindInvalid, "The maintenance window %q names a day or a time that does not exist.", s)
	}
	if (end-start+minutesPerWeek)%minutesPerWeek < windowMinimum {
		return "", Errorf(KindInvalid, "The maintenance window must be at least %d minutes long.", windowMinimum)
	}
	return s, nil
}

// ParseSnapshotWindow checks a daily window in UTC, hh24:mi-hh24:mi, of at least
// an hour; empty means the default.
func ParseSnapshotWindow(s string) (string, error) {
	if s == "" {
		return DefaultSnapshotWindow, nil
	}
	m := snapshotWindow.FindStringSubmatch(s)
	if m == nil {
		return "", Errorf(KindInvalid, "The snapshot window %q is not of the form hh24:mi-hh24:mi.", s)
	}
	start, err1 := minuteOfDay(m[1], m[2])
	end, err2 := minuteOfDay(m[3], m[4])
	if err1 != nil || err2 != nil {
		return "", Errorf(KindInvalid, "The snapshot window %q names a time that does not exist.", s)
	}
	if (end-start+minutesPerDay)%minutesPerDay < windowMinimum {
		return "", Errorf(KindInvalid, "The snapshot window must be at least %d minutes long.", windowMinimum)
	}
	return s, nil
}

// ErrWindowsOverlap refuses two windows that have a minute in common.
var ErrWindowsOverlap = Errorf(KindInvalid, "The snapshot window and maintenance window must not overlap.")

// ChooseWindows checks the two windows of a new group. One that is not asked for is chosen so that it
// does not overlap the other: the default, or the first hour after it.
func ChooseWindows(maintenance, snapshot string) (string, string, error) {
	m, err := ParseMaintenanceWindow(maintenance)
	s, err2 := ParseSnapshotWindow(snapshot)
	if err = Join(err, err2); err != nil {
		return m, s, err
	}
	for hour := 1; hour < 24 && WindowsOverlap(m, s); hour++ {
		switch {
		case snapshot == "":
			s = fmt.Sprintf("%02d:00-%02d:00", (5+hour)%24, (6+hour)%24)
		case maintenance == "":
			m = fmt.Sprintf("mon:%02d:00-mon:%02d:00", hour-1, hour)
		}
	}
	if snapshot != "" && WindowsOverlap(m, s) {
		return m, s, ErrWindowsOverlap
	}
	return m, s, nil
}

// WindowsOverlap reports whether a weekly window and a daily one, as the parsers return them, have a
// minute in common on any day.
func WindowsOverlap(maintenance, snapshot string) bool {
	m, s := maintenanceWindow.FindStringSubmatch(maintenance), snapshotWindow.FindStringSubmatch(snapshot)
	if m == nil || s == nil {
		return false
	}
	weekly, _ := minuteOfWeek(m[1], m[2], m[3])
	weeklyEnd, _ := minuteOfWeek(m[4], m[5], m[6])
	daily, _ := minuteOfDay(s[1], s[2])
	dailyEnd, _ := minuteOfDay(s[3], s[4])
	weeklyLength := (weeklyEnd - weekly + minutesPerWeek) % minutesPerWeek
	dailyLength := (dailyEnd - daily + minutesPerDay) % minutesPerDay
	untilDaily := (daily - weekly%minutesPerDay + minutesPerDay) % minutesPerDay
	return untilDaily < weeklyLength || minutesPerDay-untilDaily < dailyLength
}

func minuteOfWeek(day, hour, minute string) (int, error) {
	const days = "sunmontuewedthufrisat"
	i := strings.Index(days, day)
	if i < 0 || i%3 != 0 {
		return 0, fmt.Errorf("no day %q", day)
	}
	m, err := minuteOfDay(hour, minute)
	return i/3*minutesPerDay + m, err
}

func minuteOfDay(hour, minute string) (int, error) {
	h, err1 := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(minute)
	if err1 != nil || err2 != nil || h > 23 || m > 59 {
		return 0, fmt.Errorf("no time %s:%s", hour, minute)
	}
	return h*60 + m, nil
}

// InMaintenanceWindow reports whether a weekly window, as [ParseMaintenanceWindow]
// returns it, is open.
func InMaintenanceWindow(window string, now time.Time) bool {
	m := maintenanceWindow.FindStringSubmatch(window)
	if m == nil {
		return false
	}
	start, err1 := minuteOfWeek(m[1], m[2], m[3])
	end, err2 := minuteOfWeek(m[4], m[5], m[6])
	if err1 != nil || err2 != nil {
		return false
	}
	now = now.UTC()
	minute := int(now.Weekday())*minutesPerDay + now.Hour()*60 + now.Minute()
	length := (end - start + minutesPerWeek) % minutesPerWeek
	return (minute-start+minutesPerWeek)%minutesPerWeek < length
}

// WindowStart is the first moment at or after a time at which a weekly window, as
// [ParseMaintenanceWindow] returns it, opens. A window that cannot be read is the default.
func WindowStart(window string, after time.Time) time.Time {
	m := maintenanceWindow.FindStringSubmatch(window)
	if m == nil {
		m = maintenanceWindow.FindStringSubmatch(DefaultMaintenanceWindow)
	}
	minute, _ := minuteOfWeek(m[1], m[2], m[3]) // zero, Sunday at midnight, if it does not exist
	after = after.UTC()
	sunday := time.Date(after.Year(), after.Month(), after.Day()-int(after.Weekday()), 0, 0, 0, 0, time.UTC)
	start := sunday.Add(time.Duration(minute) * time.Minute)
	if start.Before(after) {
		start = start.Add(minutesPerWeek * time.Minute)
	}
	return start
}
