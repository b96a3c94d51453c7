package cgroup

import (
	"os"
	"regexp"
	"slices"
	"testing"
)

// The systemd unit hands aikagi the controller that it needs, and nothing that leaves no room for threaded groups.
func TestUnitLeavesRoom(t *testing.T) {
	t.Parallel()
	unit, err := os.ReadFile("../../deploy/aikagi.service")
	if err != nil {
		t.Fatal(err)
	}
	var delegated bool
	for _, found := range regexp.MustCompile(`(?m)^(\w+|#Delegate)=(.*)$`).FindAllStringSubmatch(string(unit), -1) {
		if found[1] == "#Delegate" { // for who wants it
			delegated = found[2] == "cpu"
		}
		if slices.Contains([]string{"DelegateSubgroup", "ExecStartPost", "ExecReload", "ExecStop", "ExecStopPost", "ProtectControlGroups"}, found[1]) {
			t.Errorf("the unit has %s", found[0])
		}
	}
	if !delegated {
		t.Error("the unit does not offer Delegate=cpu")
	}
}
