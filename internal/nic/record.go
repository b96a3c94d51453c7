package nic

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// record is the file that says which addresses a keeper has added. It is written before that is done, and never synced to the disk: a
// loss of power ends the addresses, too.
type record struct {
	path string
	boot string // which run of the machine it is about
	all  map[netip.Addr]bool
}

type recordFile struct {
	Boot      string       `json:"boot"`
	Addresses []netip.Addr `json:"addresses"`
}

// openRecord reads what was written in this run of the machine. A file that cannot be understood is an error.
func openRecord(path string) (*record, error) {
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return nil, fmt.Errorf("tell this run of the machine from others: %w", err)
	}
	r := &record{path: path, boot: strings.TrimSpace(string(boot)), all: map[netip.Addr]bool{}}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return r, nil
	}
	var file recordFile
	if err == nil {
		err = json.Unmarshal(text, &file)
	}
	if err != nil {
		return nil, fmt.Errorf("read which addresses were added: %s: %w", path, err)
	}
	if file.Boot == r.boot {
		for _, a := range file.Addresses {
			r.all[a] = true
		}
	}
	return r, nil
}

// put writes down that there are some more; drop that there are fewer.
func (r *record) put(addresses ...netip.Addr) error { return r.change(addresses, true) }

func (r *record) drop(addresses ...netip.Addr) error { return r.change(addresses, false) }

func (r *record) change(addresses []netip.Addr, in bool) error {
	changed := false
	for _, a := range addresses {
		if r.all[a] != in {
			changed = true
			if in {
				r.all[a] = true
			} else {
				delete(r.all, a)
			}
		}
	}
	if !changed {
		return nil
	}
	file := recordFile{Boot: r.boot, Addresses: []netip.Addr{}}
	for a := range r.all {
		file.Addresses = append(file.Addresses, a)
	}
	slices.SortFunc(file.Addresses, netip.Addr.Compare)
	text, err := json.Marshal(file)
	if err == nil {
		err = r.write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write down which addresses are added: %w", err)
	}
	return nil
}

// write replaces the file at once.
func (r *record) write(text []byte) error {
	next := filepath.Join(filepath.Dir(r.path), "."+filepath.Base(r.path)+".new")
	if err := os.WriteFile(next, text, 0o600); err != nil {
		return err
	}
	return os.Rename(next, r.path)
}
