package awsquery

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds the parts of a name. The deepest name of the model has 6:
// LogDeliveryConfigurations.LogDeliveryConfigurationRequest.1.DestinationDetails.CloudWatchLogsDetails.LogGroup.
const maxDepth = 12

// param is one part of the dotted names of a form, as a tree: the root's parts
// are the top-level parameters. A well-formed param has either a value or parts.
type param struct {
	name  string // from the top: "Tags.Tag.1.Key"
	value *string
	parts map[string]*param
}

// readForm turns the flat form into a tree. Action and Version stay outside:
// they belong to whoever chose the struct to decode into.
func readForm(form url.Values) (*param, error) {
	root := &param{}
	for _, name := range slices.Sorted(maps.Keys(form)) {
		values := form[name]
		if len(values) > 1 {
			return nil, refuse(DuplicateParameter, name)
		}
		if len(values) == 0 || name == "Action" || name == "Version" {
			continue
		}
		if !isXMLText(values[0]) {
			err := refuse(MalformedValue, name)
			err.Want = "valid UTF-8 text"
			return nil, err
		}
		if err := root.insert(name, &values[0]); err != nil {
			return nil, err
		}
	}
	return root, nil
}

func (p *param) insert(name string, value *string) error {
	rest, more := name, true
	for depth := 1; more; depth++ {
		if depth > maxDepth {
			return refuse(TooLarge, name)
		}
		var part string
		part, rest, more = strings.Cut(rest, ".")
		if part == "" {
			return refuse(MalformedName, name)
		}
		p = p.part(part, upTo(name, rest, more))
	}
	p.value = value
	return nil
}

// upTo is name without the parts that are still to come.
func upTo(name, rest string, more bool) string {
	if !more {
		return name
	}
	return name[:len(name)-len(rest)-1]
}

func (p *param) part(part, name string) *param {
	next, ok := p.parts[part]
	if !ok {
		next = &param{name: name}
		if p.parts == nil {
			p.parts = make(map[string]*param, 1)
		}
		p.parts[part] = next
	}
	return next
}

// sorted gives the names of the parts in an order that does not change from one
// call to the next, so that of two mistakes always the same one is reported.
func (p *param) sorted() []string {
	return slices.Sorted(maps.Keys(p.parts))
}

// isXMLText is false for text that no answer could give back: XML 1.0 has no
// way to write most control characters (https://www.w3.org/TR/xml/#charsets).
func isXMLText(s string) bool {
	if !utf8.ValidString(s) {
		return false
	}
	for _, r := range s {
		control := r < ' ' && r != '\t' && r != '\n' && r != '\r'
		if control || r == 0xFFFE || r == 0xFFFF {
			return false
		}
	}
	return true
}
