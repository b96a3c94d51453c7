package cache

import (
	"fmt"
	"testing"
	"time"
)

func TestWindowsOverlap(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		maintenance, snapshot string
		want                  bool
	}{
		{"sun:05:00-sun:06:00", "05:00-06:00", true},
		{"sun:05:00-sun:06:00", "06:00-07:00", false},
		{"sun:05:00-sun:06:00", "04:00-05:00", false},
		{"sun:05:00-sun:06:00", "04:00-05:01", true},
		{"sun:05:00-sun:06:00", "05:59-07:00", true},
		{"sun:05:00-sun:06:00", "03:00-08:00", true},
		{"sun:03:00-sun:08:00", "05:00-06:00", true},
		{"sat:23:30-sun:00:30", "00:00-01:00", true},
		{"sat:23:30-sun:00:30", "23:00-00:00", true},
		{"sun:23:00-mon:00:00", "00:00-01:00", false},
		{"sun:23:00-mon:00:00", "22:00-23:00", false},
		{"sun:01:00-sun:02:00", "22:00-01:30", true},
		{"mon:00:00-wed:00:00", "12:00-13:00", true},
		{DefaultMaintenanceWindow, DefaultSnapshotWindow, false},
	} {
		if got := WindowsOverlap(c.maintenance, c.snapshot); got != c.want {
			t.Errorf("%s and %s overlap: %t", c.maintenance, c.snapshot, got)
		}
	}
}

// TestOverlapIsWhatTheClockSays compares the arithmetic with a walk through the minutes of a week.
func TestOverlapIsWhatTheClockSays(t *testing.T) {
	t.Parallel()
	sunday := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for start := 0; start < minutesPerDay; start += 370 {
		for _, length := range []int{60, 75, 300, 1400} {
			for _, daily := range []string{"00:00-01:00", "23:10-00:40", "11:00-13:35"} {
				end := (start + length) % minutesPerWeek
				days := []string{"sun", "mon"}
				weekly := fmt.Sprintf("%s:%02d:%02d-%s:%02d:%02d", days[0], start/60, start%60, days[end/minutesPerDay], end%minutesPerDay/60, end%60)
				want := false
				for minute := range minutesPerWeek {
					at := sunday.Add(time.Duration(minute) * time.Minute)
					want = want || InMaintenanceWindow(weekly, at) && inDaily(daily, at)
				}
				if got := WindowsOverlap(weekly, daily); got != want {
					t.Errorf("%s and %s overlap: %t, want %t", weekly, daily, got, want)
				}
			}
		}
	}
}

func inDaily(window string, at time.Time) bool {
	m := snapshotWindow.FindStringSubmatch(window)
	start, _ := minuteOfDay(m[1], m[2])
	end, _ := minuteOfDay(m[3], m[4])
	minute := at.Hour()*60 + at.Minute()
	if start < end {
		return minute >= start && minute < end
	}
	return minute >= start || minute < end
}

// TestChosenWindowsDoNotOverlap names one window and leaves the other to the service.
func TestChosenWindowsDoNotOverlap(t *testing.T) {
	t.Parallel()
	for _, c := range [][2]string{
		{"", ""}, {"sun:05:00-sun:09:00", ""}, {"mon:05:30-mon:06:30", ""}, {"tue:00:00-tue:23:00", ""},
		{"", "22:30-23:30"}, {"", "23:00-01:00"}, {"", "00:00-23:00"}, {"", "05:00-04:00"},
	} {
		m, s, err := ChooseWindows(c[0], c[1])
		if err != nil || WindowsOverlap(m, s) || c[0] != "" && m != c[0] || c[1] != "" && s != c[1] {
			t.Errorf("%q: %s, %s, %v", c, m, s, err)
		}
	}
	if m, s, _ := ChooseWindows("", ""); m != DefaultMaintenanceWindow || s != DefaultSnapshotWindow {
		t.Errorf("the defaults are %s, %s", m, s)
	}
	if _, _, err := ChooseWindows("sun:05:00-sun:06:00", "05:30-06:30"); err != ErrWindowsOverlap { //nolint:errorlint // it is returned as it is
		t.Errorf("asked for: %v", err)
	}
}
