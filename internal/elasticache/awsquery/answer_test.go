package awsquery

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// shape has a member of each form that a struct of ours may have.
type shape struct {
	Name     string
	Why      string `query:"omitempty"`
	Count    *int64
	Open     *bool
	At       time.Time `query:"microseconds"`
	Since    time.Time `query:"omitempty"`
	Until    *time.Time
	Texts    []string
	Children []shape
	Child    *shape
}

func answerOf(t *testing.T, s shape) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Encode(&b, "Ask", s, "id"); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestAnswersComeBack: what was encoded is decoded to the same.
func TestAnswersComeBack(t *testing.T) {
	t.Parallel()
	zero, no, at := int64(0), false, time.Date(2026, 5, 4, 12, 0, 0, 123456000, time.UTC)
	until := at.Truncate(time.Millisecond)
	full := shape{Name: "a <b>", Why: "x", Count: &zero, Open: &no, At: at, Since: until, Until: &until, Texts: []string{"1", ""}}
	full.Child, full.Children = &shape{Name: "child"}, []shape{{Name: "one", Texts: []string{"t"}}, {}}
	for _, want := range []shape{full, {}} {
		var got shape
		if err := DecodeAnswer(answerOf(t, want), "Ask", &got); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}
	text := string(answerOf(t, shape{At: at}))
	for _, absent := range []string{"<Why>", "<Count>", "<Since>", "<Child>"} {
		if strings.Contains(text, absent) {
			t.Errorf("%s is in %s", absent, text)
		}
	}
	if !strings.Contains(text, "<Name></Name><At>2026-05-04T12:00:00.123456Z</At>") {
		t.Error(text)
	}
}

func TestAnswersOfOthers(t *testing.T) {
	t.Parallel()
	var got shape
	newer := "<AskResponse><AskResult><Name>n</Name><Further><Name>other</Name></Further></AskResult></AskResponse>"
	if err := DecodeAnswer([]byte(newer), "Ask", &got); err != nil || got.Name != "n" {
		t.Errorf("a newer service: %v %+v", err, got)
	}
	for _, broken := range []string{"", "<html><p>502</html>", "<AskResponse><AskResult><Child><Count>secret</Count></Child></AskResult></AskResponse>"} {
		if err := DecodeAnswer([]byte(broken), "Ask", &got); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", broken, err)
		}
	}
}

// TestFormsComeBack: what was encoded is decoded to the same.
func TestFormsComeBack(t *testing.T) {
	t.Parallel()
	type input struct {
		Name  *string
		Count *int32
		Open  *bool
		At    *time.Time
		None  *string
		Texts []string
		Empty []string
	}
	name, count, open, at := "a&b=c", int32(0), false, time.Date(2026, 5, 4, 12, 0, 0, 123456789, time.UTC)
	want := input{Name: &name, Count: &count, Open: &open, At: &at, Texts: []string{"x", "y"}}
	form, err := EncodeForm(want)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(url.Values{"Name": {name}, "Count": {"0"}, "Open": {"false"}, "At": {"2026-05-04T12:00:00.123456789Z"}, "Texts.member.1": {"x"}, "Texts.member.2": {"y"}}, form); d != "" {
		t.Error(d)
	}
	var got input
	if err := Decode(form, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if _, err := EncodeForm(struct{ Counts []int }{[]int{1}}); err == nil {
		t.Error("a list of numbers was encoded")
	}
}
