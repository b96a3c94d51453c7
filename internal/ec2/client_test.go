package ec2

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/google/go-cmp/cmp"
)

const (
	secret  = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
	session = "session-token-example"
)

// desk is an API that answers what it is told to, and remembers what it was asked.
type desk struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []url.Values
	answer func(form url.Values) (status int, body string)
}

func newDesk(t *testing.T, answer func(url.Values) (int, string)) (*desk, *Client) {
	t.Helper()
	d := &desk{answer: answer}
	d.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		auth := r.Header.Get("Authorization")
		if !strings.HasPrefix(auth, "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/") || !strings.Contains(auth, "/eu-central-1/ec2/aws4_request") || r.Header.Get("X-Amz-Security-Token") != session {
			t.Errorf("signed as %q", auth)
		}
		d.mu.Lock()
		d.asked = append(d.asked, r.PostForm)
		d.mu.Unlock()
		status, body := d.answer(r.PostForm)
		w.WriteHeader(status)
		fmt.Fprint(w, body)
	}))
	t.Cleanup(d.Close)
	return d, New(Options{Endpoint: d.URL, Region: "eu-central-1", Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: "AKIDEXAMPLE", SecretAccessKey: secret, SessionToken: session}, nil
	})})
}

func (d *desk) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.asked)
}

func file(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Answers of several pages are read to their end.
func TestSecurityGroups(t *testing.T) {
	t.Parallel()
	d, c := newDesk(t, func(form url.Values) (int, string) {
		if form.Get("NextToken") == "" {
			return http.StatusOK, file(t, "groups-1.xml")
		}
		return http.StatusOK, file(t, "groups-2.xml")
	})
	got, err := c.SecurityGroups(t.Context(), []string{"sg-1", "sg-2"})
	if err != nil {
		t.Fatal(err)
	}
	prefix := netip.MustParsePrefix
	want := []SecurityGroup{
		{ID: "sg-1", Name: "web", Description: "servers", VPC: "vpc-1", Permissions: []Permission{
			{Protocol: "tcp", FromPort: new(6379), ToPort: new(6380), Groups: []string{"sg-9"}, PrefixLists: []string{"pl-1"}, Networks: []Network{
				{prefix("10.1.0.0/16"), "racks"}, {prefix("192.0.2.7/32"), ""}, {prefix("2001:db8::/32"), ""}}},
			{Protocol: "-1", Networks: []Network{{prefix("10.9.0.0/24"), ""}}},
		}},
		{ID: "sg-2", Name: "none", VPC: "vpc-1"},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
		t.Error(diff)
	}
	first, second := d.asked[0], d.asked[1]
	if first.Get("Action") != "DescribeSecurityGroups" || first.Get("Version") != apiVersion || first.Get("Filter.1.Name") != "group-id" ||
		first.Get("Filter.1.Value.2") != "sg-2" || second.Get("NextToken") != "page+2==" {
		t.Errorf("asked for %v, then %v", first, second)
	}
}

// Whatever else is XML is no answer in which there is nothing.
func TestPagesOfOthers(t *testing.T) {
	t.Parallel()
	for _, body := range []string{`<html><body>maintenance</body></html>`, `<DescribeSubnetsResponse/>`, `{}`, ``} {
		_, c := newDesk(t, func(url.Values) (int, string) { return http.StatusOK, body })
		if interfaces, err := c.Interfaces(t.Context(), []string{"sg-9"}); err == nil || !strings.Contains(err.Error(), "is this the endpoint of an EC2 API?") {
			t.Errorf("%q passes for %v (%v)", body, interfaces, err)
		}
	}
}

func TestOthers(t *testing.T) {
	t.Parallel()
	_, c := newDesk(t, func(form url.Values) (int, string) {
		switch form.Get("Action") {
		case "DescribeSubnets":
			return http.StatusOK, file(t, "subnets.xml")
		case "DescribeNetworkInterfaces":
			return http.StatusOK, file(t, "interfaces.xml")
		case "GetManagedPrefixListEntries":
			if form.Get("PrefixListId") == "pl-1" {
				return http.StatusOK, file(t, "prefixes.xml")
			}
		}
		return http.StatusBadRequest, `<Response><Errors><Error><Code>InvalidPrefixListID.NotFound</Code><Message>none</Message></Error></Errors></Response>`
	})
	subnets, err := c.Subnets(t.Context(), []string{"subnet-1"})
	if want := []Subnet{{"subnet-1", "vpc-1", "eu-central-1b", netip.MustParsePrefix("10.1.0.0/24")}}; err != nil || !slices.Equal(subnets, want) {
		t.Errorf("subnets: %v, %v", subnets, err)
	}
	interfaces, err := c.Interfaces(t.Context(), []string{"sg-9"})
	if err != nil || fmt.Sprint(interfaces) != "[{[sg-9 sg-8] [10.0.0.7 10.0.0.7 10.0.0.8 2001:db8::7]}]" {
		t.Errorf("interfaces: %v, %v", interfaces, err)
	}
	list, err := c.PrefixList(t.Context(), "pl-1")
	if err != nil || fmt.Sprint(list) != "[{198.51.100.0/24 offices} {2001:db8:1::/48 }]" {
		t.Errorf("prefix list: %v, %v", list, err)
	}
	if gone, err := c.PrefixList(t.Context(), "pl-2"); err != nil || len(gone) > 0 {
		t.Errorf("a prefix list that is gone: %v, %v", gone, err)
	}
}

// What the API quotes of a request is not passed on, and an error is one line.
func TestErrorsHoldNoSecret(t *testing.T) {
	t.Parallel()
	_, c := newDesk(t, func(url.Values) (int, string) {
		return http.StatusForbidden, `<Response><Errors><Error><Code>SignatureDoesNotMatch</Code><Message>No match for ` + session + ".\nThe Canonical String should have been x-amz-security-token:" + session +
			`</Message></Error></Errors></Response>`
	})
	_, err := c.SecurityGroups(t.Context(), []string{"sg-1"})
	if err == nil || err.Error() != "DescribeSecurityGroups: SignatureDoesNotMatch: No match for ***." {
		t.Errorf("the error is %v", err)
	}
}

// Failures that may pass are tried again, others are not; and nobody asks while the circuit is open.
func TestRetriesAndCircuit(t *testing.T) {
	t.Parallel()
	answers := []int{http.StatusServiceUnavailable, http.StatusOK, http.StatusForbidden, http.StatusOK}
	next := 0
	d, c := newDesk(t, func(url.Values) (int, string) {
		next++
		return answers[next-1], "<DescribeSubnetsResponse/>"
	})
	now := time.Now()
	c.options.Now = func() time.Time { return now }
	for i, want := range []struct {
		fails bool
		asked int
	}{{false, 2}, {true, 3}, {true, 3}} {
		if _, err := c.Subnets(t.Context(), []string{"subnet-1"}); (err != nil) != want.fails || d.count() != want.asked {
			t.Errorf("call %d: %v after %d requests", i, err, d.count())
		}
	}
	now = now.Add(restFirst)
	if _, err := c.Subnets(t.Context(), []string{"subnet-1"}); err != nil || d.count() != 4 {
		t.Errorf("after the pause: %v", err)
	}
}

// An answer that does not end is an error, and no part of it is taken for all.
func TestAnswersAreBounded(t *testing.T) {
	t.Parallel()
	d, c := newDesk(t, func(url.Values) (int, string) {
		return http.StatusOK, "<DescribeSubnetsResponse><nextToken>more</nextToken></DescribeSubnetsResponse>"
	})
	if got, err := c.Subnets(t.Context(), []string{"subnet-1"}); err == nil || got != nil || d.count() != pagesMax {
		t.Errorf("%v, %v after %d pages", got, err, d.count())
	}
}

func TestCheckEndpoint(t *testing.T) {
	t.Parallel()
	for endpoint, good := range map[string]bool{
		"https://ec2.eu-central-1.amazonaws.com": true, "http://127.0.0.1:5000": true, "http://localhost:4566/": true,
		"": false, "127.0.0.1:5000": false, "ftp://a": false, "https://me:secret@a": false, "https://a/?b=c": false, "https://": false,
	} {
		if err := CheckEndpoint(endpoint); (err == nil) != good || err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", endpoint, err)
		}
	}
}
