package integration

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticache"
	"github.com/aws/aws-sdk-go-v2/service/elasticache/types"
	"github.com/aws/smithy-go"

	"github.com/aikagi/aikagi/integration/harness"
)

// Tokens of the tests; together they have every character that a token may have.
const (
	token1     = "first-token-0123456789"
	token2     = "second-token!&#$^<>-"
	token3     = "third-token-ABCDEFGHIJ"
	token4     = "fourth-token-KLMNOPQRSTUVWXYZ"
	tokenWrong = "nobody-holds-this-token"
	none       = "" // no token at all
)

// group is a replication group under test, as its owner and its clients see it.
type group struct {
	*harness.Server
	t  *testing.T
	id string
	ca *x509.CertPool // nil: without TLS
}

// newGroup creates a group and returns when it is available. What the input leaves
// open is a group with TLS called "g".
func newGroup(t *testing.T, s *harness.Server, engine string, in elasticache.CreateReplicationGroupInput) *group {
	t.Helper()
	in.Engine = &engine
	if in.ReplicationGroupId == nil {
		in.ReplicationGroupId = aws.String("g")
	}
	if in.ReplicationGroupDescription == nil {
		in.ReplicationGroupDescription = aws.String("a group under test")
	}
	if in.CacheNodeType == nil {
		in.CacheNodeType = aws.String("cache.t4g.micro")
	}
	if in.TransitEncryptionEnabled == nil {
		in.TransitEncryptionEnabled = aws.Bool(true)
	}
	if _, err := s.API().CreateReplicationGroup(t.Context(), &in); err != nil {
		t.Fatal(err)
	}
	g := &group{Server: s, t: t, id: *in.ReplicationGroupId}
	if *in.TransitEncryptionEnabled {
		g.ca = s.CA()
	}
	g.AwaitStatus(g.id, "available")
	return g
}

func (g *group) describe() types.ReplicationGroup {
	g.t.Helper()
	out, err := g.API().DescribeReplicationGroups(g.t.Context(), &elasticache.DescribeReplicationGroupsInput{ReplicationGroupId: &g.id})
	if err != nil {
		g.t.Fatal(err)
	}
	return out.ReplicationGroups[0]
}

// modify asks for a token change; an empty strategy or token is not sent.
func (g *group) modify(strategy types.AuthTokenUpdateStrategyType, token string) (types.ReplicationGroup, error) {
	in := &elasticache.ModifyReplicationGroupInput{
		ReplicationGroupId: &g.id, ApplyImmediately: aws.Bool(true), AuthTokenUpdateStrategy: strategy,
	}
	if token != none {
		in.AuthToken = &token
	}
	out, err := g.API().ModifyReplicationGroup(g.t.Context(), in)
	if err != nil {
		return types.ReplicationGroup{}, err
	}
	return *out.ReplicationGroup, nil
}

// change is modify that must succeed, and waits until it is done.
func (g *group) change(strategy types.AuthTokenUpdateStrategyType, token string) {
	g.t.Helper()
	answer, err := g.modify(strategy, token)
	if err != nil {
		g.t.Fatalf("%s: %v", strategy, err)
	}
	want := types.AuthTokenUpdateStatusRotating
	if strategy == types.AuthTokenUpdateStrategyTypeSet {
		want = types.AuthTokenUpdateStatusSetting
	}
	if aws.ToString(answer.Status) != "modifying" || answer.PendingModifiedValues.AuthTokenStatus != want {
		g.t.Errorf("%s is answered with %s and AuthTokenStatus %q", strategy, aws.ToString(answer.Status), answer.PendingModifiedValues.AuthTokenStatus)
	}
	g.AwaitStatus(g.id, "available")
	if status := g.describe().PendingModifiedValues.AuthTokenStatus; status != "" {
		g.t.Errorf("AuthTokenStatus of an available group is %q", status)
	}
}

// primary and addresses are where clients connect: the primary endpoint, and every
// endpoint and node there is.
func (g *group) primary() string { return g.addresses()[0] }

func (g *group) addresses() []string {
	g.t.Helper()
	shard := g.describe().NodeGroups[0]
	endpoints := []*types.Endpoint{shard.PrimaryEndpoint}
	if shard.ReaderEndpoint != nil {
		endpoints = append(endpoints, shard.ReaderEndpoint)
	}
	for _, member := range shard.NodeGroupMembers {
		endpoints = append(endpoints, member.ReadEndpoint)
	}
	var addresses []string
	for _, e := range endpoints {
		addresses = append(addresses, hostPort(e))
	}
	return addresses
}

func hostPort(e *types.Endpoint) string {
	return net.JoinHostPort(aws.ToString(e.Address), strconv.Itoa(int(aws.ToInt32(e.Port))))
}

// loginForms are the ways in which clients present a token.
var loginForms = [][]string{
	{"AUTH"}, {"AUTH", "default"}, {"HELLO", "2", "AUTH", "default"}, {"HELLO", "3", "AUTH", "default"},
}

// everyToken is what checkAccess tries, besides no token.
var everyToken = []string{token1, token2, token3, token4, tokenWrong}

// checkAccess connects to every address of the group without a token, and with every
// token in every form, and sees that just the given ones get in.
func (g *group) checkAccess(accepted ...string) {
	g.t.Helper()
	open := slices.Contains(accepted, none)
	for i, address := range g.addresses() {
		g.checkPing(dial(g.t, address, g.ca), open)
		for j, token := range slices.Concat(everyToken, accepted) {
			if token == none {
				continue
			}
			held := slices.Contains(accepted, token)
			w := dial(g.t, address, g.ca)
			for k := range loginForms { // each is the first on some connection
				form := append(slices.Clone(loginForms[(i+j+k)%len(loginForms)]), token)
				reply := w.do(form...)
				if held && strings.HasPrefix(reply, "-") || !held && !strings.HasPrefix(reply, "-WRONGPASS") {
					g.t.Errorf("%q at %s, held: %t: %s", form, address, held, reply)
				}
			}
			g.checkPing(w, held || open)
		}
	}
}

func (g *group) checkPing(w *wire, served bool) {
	g.t.Helper()
	reply := w.do("PING")
	if served && reply != "PONG" || !served && !strings.HasPrefix(reply, "-NOAUTH") {
		g.t.Errorf("PING at %s, to be served: %t: %s", w.conn.RemoteAddr(), served, reply)
	}
	w.close()
}

// checkRefusal checks the code and a part of the message of an API's refusal.
func checkRefusal(t *testing.T, err error, code, message string) {
	t.Helper()
	var refusal smithy.APIError
	switch {
	case err == nil:
		t.Errorf("no refusal; want %s: %s", code, message)
	case !errors.As(err, &refusal):
		t.Errorf("no answer of the API: %v; want %s", err, code)
	case refusal.ErrorCode() != code || !strings.Contains(refusal.ErrorMessage(), message):
		t.Errorf("refused with %s: %s; want %s: %s", refusal.ErrorCode(), refusal.ErrorMessage(), code, message)
	}
}

// messages are the texts of the events about one source, or about all, oldest first.
func messages(t *testing.T, s *harness.Server, source types.SourceType, id string) []string {
	t.Helper()
	in := &elasticache.DescribeEventsInput{SourceType: source}
	if id != "" {
		in.SourceIdentifier = &id
	}
	out, err := s.API().DescribeEvents(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, e := range out.Events {
		texts = append(texts, aws.ToString(e.Message))
	}
	slices.Reverse(texts) // the newest come first
	return texts
}

// nameOf is how events and the status name a token.
func nameOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:6])
}
