package parameter

import (
	"cmp"
	_ "embed" // the catalogue
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
)

//go:embed catalogue.txt
var catalogueText string

// catalogue is all families, in the order of the file.
var catalogue = sync.OnceValue(func() []*Family {
	families, err := parseCatalogue(catalogueText)
	if err != nil {
		panic(err) // a test reads the same file
	}
	return families
})

// parseCatalogue reads the form that is described at the top of catalogue.txt.
func parseCatalogue(text string) ([]*Family, error) {
	var families []*Family
	of := map[string]Parameter{} // of the family that is being read
	number := 0
	finish := func() {
		if len(families) > 0 {
			f := families[len(families)-1]
			f.Parameters = slices.SortedFunc(maps.Values(of), func(a, b Parameter) int { return cmp.Compare(sortName(a.Name), sortName(b.Name)) })
		}
	}
	for line := range strings.Lines(text) {
		number++
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		var err error
		switch word {
		case "", "#":
		case "family":
			finish()
			var f *Family
			f, of, err = parseFamily(rest, families)
			families = append(families, f)
		case "-":
			if _, ok := of[rest]; !ok {
				err = fmt.Errorf("there is no %s to take away", rest)
			}
			delete(of, rest)
		case "+":
			var p Parameter
			p, err = parseParameter(rest)
			of[p.Name] = p
		default:
			err = fmt.Errorf("a line begins with %q", word)
		}
		if err != nil {
			return nil, fmt.Errorf("catalogue, line %d: %w", number, err)
		}
	}
	finish()
	return families, nil
}

// parseFamily begins a family with the parameters of the one that it is like.
func parseFamily(text string, known []*Family) (*Family, map[string]Parameter, error) {
	words := strings.Fields(text)
	of := map[string]Parameter{}
	switch {
	case len(words) == 2:
	case len(words) == 4 && words[2] == "like":
		base := find(known, words[3])
		if base == nil {
			return nil, nil, fmt.Errorf("there is no family %s before", words[3])
		}
		for _, p := range base.Parameters {
			of[p.Name] = p
		}
	default:
		return nil, nil, fmt.Errorf("want NAME VERSION [like NAME], not %q", text)
	}
	return &Family{Name: words[0], since: words[1]}, of, nil
}

func parseParameter(text string) (Parameter, error) {
	fields := strings.Split(text, "|")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	if len(fields) != 7 && len(fields) != 8 {
		return Parameter{}, fmt.Errorf("a parameter has 7 or 8 fields, not %d", len(fields))
	}
	p := Parameter{
		Name: fields[0], Allowed: Allowed(fields[2]), Type: fields[3], Access: Access(fields[4]), NeedsReboot: fields[5] == "reboot",
		Description: fields[6],
	}
	if fields[1] != "-" {
		value := strings.Trim(fields[1], `"`)
		p.Default = &value
	}
	if len(fields) == 8 {
		p.since = fields[7]
	}
	if !slices.Contains([]Access{Fixed, Free, Once}, p.Access) {
		return Parameter{}, fmt.Errorf("%s is %q", p.Name, p.Access)
	}
	return p, nil
}

// sortName orders parameters as the original does: by name, without hyphens.
func sortName(name string) string { return strings.ReplaceAll(name, "-", "") }

func find(families []*Family, name string) *Family {
	i := slices.IndexFunc(families, func(f *Family) bool { return f.Name == name })
	if i < 0 {
		return nil
	}
	return families[i]
}
