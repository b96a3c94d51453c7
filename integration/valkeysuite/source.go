package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// findUnits lists the units that are meant for an external server. Those of tests/unit/cluster and
// tests/unit/moduleapi start servers of their own.
func findUnits(source string) ([]string, error) {
	var units []string
	for _, dir := range []string{"unit", "unit/type"} {
		files, err := filepath.Glob(filepath.Join(source, "tests", dir, "*.tcl"))
		if err != nil {
			return nil, err
		}
		for _, f := range files {
			units = append(units, dir+"/"+strings.TrimSuffix(filepath.Base(f), ".tcl"))
		}
	}
	if len(units) == 0 {
		return nil, fmt.Errorf("no tests in %q; -source names a clone of Valkey's repository", source)
	}
	return units, nil
}

// configProcedure is added to the tests' client. It carries the client's CONFIG out over a node's admin socket, with the
// password in the environment. A client that reads its answers later gets this one from ECHO.
const configProcedure = `
if {[info exists ::env(SUITE_ADMIN_SOCKET)]} {
    proc ::valkey::__method__config {id fd args} {
        set command [list valkey-cli -s $::env(SUITE_ADMIN_SOCKET) --user $::env(SUITE_ADMIN_USER) --no-auth-warning --raw]
        set answer [exec {*}$command $::env(SUITE_CONFIG) {*}$args]
        if {$::valkey::deferred($id)} { return [::valkey::__dispatch__ $id echo $answer] }
        if {[string match "ERR *" $answer]} { error [string trimright $answer] }
        if {[string equal -nocase [lindex $args 0] get]} { return [split $answer "\n"] }
        return $answer
    }
}
`

// copySuite copies the tests to a directory of their own, which the caller removes, and puts the installed programs
// where the tests look for those that were built.
func copySuite(source string) (string, error) {
	dir, err := os.MkdirTemp("", "aikagi-valkeysuite-")
	if err != nil {
		return "", err
	}
	if err := fillSuite(source, dir); err != nil {
		return "", errors.Join(fmt.Errorf("copy the tests: %w", err), os.RemoveAll(dir))
	}
	return dir, nil
}

func fillSuite(source, dir string) error {
	for _, name := range []string{"tests", "utils"} {
		if err := os.CopyFS(filepath.Join(dir, name), os.DirFS(filepath.Join(source, name))); err != nil {
			return err
		}
	}
	script, err := os.ReadFile(filepath.Join(source, "runtest"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "runtest"), script, 0o700); err != nil {
		return err
	}
	if err := os.Mkdir(filepath.Join(dir, "src"), 0o700); err != nil {
		return err
	}
	for _, name := range []string{"valkey-server", "valkey-cli", "valkey-benchmark"} {
		path, err := exec.LookPath(name)
		if err != nil {
			return err
		}
		if err := os.Symlink(path, filepath.Join(dir, "src", name)); err != nil {
			return err
		}
	}
	client, err := os.OpenFile(filepath.Join(dir, "tests", "support", "valkey.tcl"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = client.WriteString(configProcedure)
	return errors.Join(err, client.Close())
}
