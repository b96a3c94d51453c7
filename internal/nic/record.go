package nic

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// record is the file that says which addresses a keeper has added. It is written before that is done.
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
	next := maps.Clone(r.all)
	for _, a := range addresses {
		if in {
			next[a] = true
		} else {
			delete(next, a)
		}
	}
	if maps.Equal(next, r.all) {
		return nil
	}
	file := recordFile{Boot: r.boot, Addresses: slices.AppendSeq([]netip.Addr{}, maps.Keys(next))}
	slices.SortFunc(file.Addresses, netip.Addr.Compare)
	text, err := json.Marshal(file)
	if err == nil {
		err = r.write(append(text, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write down which addresses are added: %w", err)
	}
	r.all = next // not before: what could not be written down is tried again
	return nil
}

// write replaces the file at once, with all of it on the disk: a loss of power leaves the one or the other.
func (r *record) write(text []byte) error {
	next := filepath.Join(filepath.Dir(r.path), "."+filepath.Base(r.path)+".new")
	file, err := os.OpenFile(next, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = file.Write(text)
	if err = errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	return os.Rename(next, r.path)
}
