package sigv4

import (
	"net/http"
	"slices"
	"strings"
)

const (
	algorithm  = "AWS4-HMAC-SHA256"
	terminator = "aws4_request"
)

// authorization is an Authorization header taken apart:
//
//	AWS4-HMAC-SHA256 Credential=AKID/20150202/eu-central-1/elasticache/aws4_request,
//	SignedHeaders=host;x-amz-date, Signature=…
type authorization struct {
	accessKeyID   string
	scope         scope
	signedHeaders []string // in lower case, sorted, without repetition
	signature     string
}

// scope limits a signature to a day, a region and a service.
type scope struct {
	date, region, service string
}

func (s scope) String() string {
	return s.date + "/" + s.region + "/" + s.service + "/" + terminator
}

func readAuthorization(h http.Header) (authorization, error) {
	values := h.Values("Authorization")
	if len(values) == 0 || values[0] == "" {
		return authorization{}, missingToken()
	}
	if len(values) > 1 {
		return authorization{}, incomplete("The request has more than one Authorization header.")
	}
	name, rest, _ := strings.Cut(values[0], " ")
	if name != algorithm {
		return authorization{}, incomplete("The Authorization header must use the algorithm " + algorithm + ".")
	}
	fields, err := readFields(rest)
	if err != nil {
		return authorization{}, err
	}
	auth := authorization{signature: fields["Signature"]}
	if auth.accessKeyID, auth.scope, err = readCredential(fields["Credential"]); err != nil {
		return authorization{}, err
	}
	auth.signedHeaders, err = readSignedHeaders(fields["SignedHeaders"])
	return auth, err
}

// readFields gives the three fields of the header, each of them once and not empty.
func readFields(s string) (map[string]string, error) {
	fields := map[string]string{"Credential": "", "SignedHeaders": "", "Signature": ""}
	for field := range strings.SplitSeq(s, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		if known, ok := fields[name]; !ok || known != "" {
			return nil, incomplete("The Authorization header has an unknown or repeated parameter.")
		}
		fields[name] = value
	}
	for _, name := range []string{"Credential", "Signature", "SignedHeaders"} {
		if fields[name] == "" {
			return nil, incomplete("Authorization header requires " + quote(name) + " parameter.")
		}
	}
	return fields, nil
}

func readCredential(s string) (accessKeyID string, _ scope, _ error) {
	parts := strings.Split(s, "/")
	if len(parts) != 5 || slices.Contains(parts, "") {
		return "", scope{}, incomplete("Credential must have exactly 5 slash-delimited elements, " +
			"e.g. keyid/date/region/service/term.")
	}
	if parts[4] != terminator {
		return "", scope{}, doesNotMatch("Credential should be scoped with a valid terminator: " + quote(terminator) + ".")
	}
	return parts[0], scope{date: parts[1], region: parts[2], service: parts[3]}, nil
}

func readSignedHeaders(s string) ([]string, error) {
	names := strings.Split(s, ";")
	for i, name := range names {
		if name == "" || name != strings.ToLower(name) || (i > 0 && name <= names[i-1]) {
			return nil, incomplete("SignedHeaders must be a sorted list of lower-case names, each of them once.")
		}
	}
	return names, nil
}

func quote(s string) string { return "'" + s + "'" }
