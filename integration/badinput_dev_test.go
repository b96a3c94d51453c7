package integration

import (
	"crypto/tls"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/aikagi/aikagi/integration/harness"
)

// TestDev sees whom serve --dev lets in: every program on this machine, and no web page.
func TestDev(t *testing.T) {
	t.Parallel()
	s := harness.Start(t, "--dev")
	unsigned := &aws.Credentials{}
	anybody := &aws.Credentials{AccessKeyID: "test", SecretAccessKey: "test"}
	for name, c := range map[string]struct {
		call
		status int
	}{
		"unsigned":       {call{key: unsigned}, http.StatusOK},
		"any credential": {call{key: anybody}, http.StatusOK},
		"a web page":     {call{key: unsigned, header: map[string]string{"Origin": "http://example.com"}}, http.StatusForbidden},
		"this very page": {call{key: unsigned, header: map[string]string{"Origin": s.URL}}, http.StatusForbidden},
		"a browser":      {call{key: unsigned, header: map[string]string{"Sec-Fetch-Site": "none"}}, http.StatusForbidden},
		"rebound name":   {call{key: unsigned, spoil: func(r *http.Request) { r.Host = "example.com:4580" }}, http.StatusForbidden},
		"localhost":      {call{key: unsigned, spoil: func(r *http.Request) { r.Host = "localhost:4580" }}, http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			c.body = describeGroups
			c.check(t, s, c.status, "", "")
		})
	}
}

// TestHTTPS listens beyond loopback, which is HTTPS with a certificate of the built-in CA.
func TestHTTPS(t *testing.T) {
	t.Parallel()
	s := harness.Start(t, "--listen", "0.0.0.0:0")
	if !strings.HasPrefix(s.URL, "https://localhost:") {
		t.Fatalf("it answers on %s", s.URL)
	}
	newCluster(t, s, harness.Engines(t)[0], "alone")
	address := strings.TrimPrefix(s.URL, "https://")
	for _, name := range []string{"localhost", "127.0.0.1"} {
		conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: s.CA(), ServerName: name})
		if err != nil {
			t.Errorf("the certificate is not one for %s: %v", name, err)
			continue
		}
		_ = conn.Close()
	}
	if _, err := tls.Dial("tcp", address, &tls.Config{ServerName: "localhost"}); err == nil {
		t.Error("the certificate is trusted without the CA")
	}
	if conn, err := tls.Dial("tcp", address, &tls.Config{RootCAs: s.CA(), MaxVersion: tls.VersionTLS11}); err == nil {
		t.Errorf("it speaks TLS %x", conn.ConnectionState().Version)
	}
	response, err := harness.HTTP.Get("http://" + address + "/healthz")
	if err == nil {
		_ = response.Body.Close()
	}
	if err == nil && response.StatusCode == http.StatusOK {
		t.Error("it answers without TLS")
	}
	if out, problems, err := s.AWS("elasticache", "describe-cache-clusters", "--query", "CacheClusters[].CacheClusterId", "--output", "text"); err != nil || out != "alone\n" {
		t.Errorf("AWS CLI with AWS_CA_BUNDLE: %v: %q %s", err, out, problems)
	}
	command := exec.Command("aws", "--endpoint-url", s.URL, "elasticache", "describe-cache-clusters")
	command.Env = slices.DeleteFunc(s.AWSEnv(), func(v string) bool { return strings.HasPrefix(v, "AWS_CA_BUNDLE=") })
	if out, err := command.CombinedOutput(); err == nil || !strings.Contains(string(out), "CERTIFICATE_VERIFY_FAILED") {
		t.Errorf("AWS CLI without the CA: %v: %s", err, out)
	}
	if out, err := s.Aikagi("status"); err != nil {
		t.Errorf("aikagi status over HTTPS: %v: %s", err, out)
	}
}
