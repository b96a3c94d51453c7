package debian

import (
	"context"
	"path"
	"slices"
	"strings"
)

// Database is dpkg's, of the packages that a file is wanted of: with it dpkg-query, and what looks for known holes, see which version
// of an engine this is. The licences of all of them are wanted with it.
func (t *Tree) Database(ctx context.Context) (map[string][]byte, error) {
	contents := map[Package][]string{}
	for name := range t.wanted {
		f := t.files[name]
		contents[f.Package] = append(contents[f.Package], path.Clean("/"+f.Header.Name))
	}
	var packages []Package
	for p := range contents {
		packages = append(packages, p)
		if err := t.wantLicence(p); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(packages, func(a, b Package) int { return strings.Compare(a.Name, b.Name) })
	database := map[string][]byte{"var/lib/dpkg/info/format": []byte("1\n")}
	var status strings.Builder
	for _, p := range packages {
		control, err := p.control(ctx)
		if err != nil {
			return nil, err
		}
		status.WriteString(strings.Replace(control, "\n", "\nStatus: install ok installed\n", 1) + "\n")
		list := p.Name
		if strings.Contains(control, "\nMulti-Arch: same\n") {
			list += ":" + t.arch
		}
		slices.Sort(contents[p])
		database["var/lib/dpkg/info/"+list+".list"] = []byte(strings.Join(contents[p], "\n") + "\n")
	}
	database["var/lib/dpkg/status"] = []byte(status.String())
	return database, nil
}

func (t *Tree) wantLicence(p Package) error { return t.Want("usr/share/doc/" + p.Name + "/copyright") }

// Under returns the names of the files below a directory, sorted.
func (t *Tree) Under(dir string) (names []string) {
	for name := range t.files {
		if strings.HasPrefix(name, dir+"/") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Data returns what is in a file.
func (t *Tree) Data(name string) []byte { return t.files[name].Data }
