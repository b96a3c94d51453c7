package integration

import (
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/integration/harness"
)

// get fetches a page; header is "Name: value" or empty.
func get(t *testing.T, url, header string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	if name, value, ok := strings.Cut(header, ": "); ok {
		request.Header.Set(name, value)
	}
	answer, err := harness.HTTP.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// TestMetrics scrapes a real group. Nothing is told where nobody asked for it.
func TestMetrics(t *testing.T) {
	harness.EachEngine(t, func(t *testing.T, engine string) {
		s := harness.Start(t, "--metrics-listen", "127.0.0.1:0")
		found := regexp.MustCompile(`metrics: (http://127\.0\.0\.1:\d+)/metrics`).FindStringSubmatch(s.Output())
		if found == nil {
			t.Fatalf("serve does not say where metrics are:\n%s", s.Output())
		}
		g := newGroup(t, s, engine, elasticache.CreateReplicationGroupInput{AuthToken: aws.String(token1)})
		w := dial(t, g.primary(), g.ca)
		w.do("AUTH", token1)
		want := []string{
			`aikagi_groups{status="available"} 1`,
			fmt.Sprintf(`aikagi_credential_info{credential="%s",group="g",standing="current"} 1`, nameOf(token1)),
			fmt.Sprintf(`aikagi_credential_connections{credential="%s",group="g"} 1`, nameOf(token1)),
			fmt.Sprintf(`aikagi_credential_authentications_total{credential="%s",group="g"} 1`, nameOf(token1)),
		}
		harness.Await(t, harness.Patience, "the metrics", func() (bool, error) {
			status, text := get(t, found[1]+"/metrics", "")
			for _, line := range want {
				if status != http.StatusOK || !strings.Contains(text, line) {
					return false, fmt.Errorf("%d, no %s in\n%s", status, line, text)
				}
			}
			return true, nil
		})
		if status, _ := get(t, found[1]+"/metrics", "Origin: http://example.com"); status != http.StatusForbidden {
			t.Errorf("a web page gets %d", status)
		}
		if status, _ := get(t, s.URL+"/metrics", ""); status != http.StatusNotFound {
			t.Errorf("the API's port answers %d", status)
		}
	})
}
