package elasticache

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
	"github.com/aikagi/aikagi/internal/cache/replication"
	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/user"
	"github.com/aikagi/aikagi/internal/elasticache/act"
	"github.com/aikagi/aikagi/internal/elasticache/awsquery"
	"github.com/aikagi/aikagi/internal/elasticache/extension"
	"github.com/aikagi/aikagi/internal/elasticache/group"
	"github.com/aikagi/aikagi/internal/elasticache/sigv4"
	"github.com/aikagi/aikagi/internal/intake"
	"github.com/aikagi/aikagi/internal/store"
)

// bodyMax is the largest request that is read, in bytes. The largest sensible one
// has some hundred parameters.
const bodyMax = 256 << 10

// BodyBudget is a sensible budget for the bodies of all requests that are being read, in bytes, besides
// what each may have in any case.
const BodyBudget = 16 << 20

// Record is one mutating call, for the audit log. Parameters that may hold a
// secret are not in it.
type Record struct {
	At        time.Time
	RequestID string
	Caller    string // access key id
	Via       string // how the caller came, if not by a signature of its own: "console"
	Address   string // of the client
	Action    string
	Resource  string // the id that the call names, if it names one
	Allows    string // tags of the call that let clients do what is refused otherwise: "aikagi:allow-plaintext=true"
	Result    string // "ok", or the code of the error
}

// Options are what an API needs. It owns none of them.
type Options struct {
	Store       store.Store
	Engines     []cache.EngineVersion // that are installed
	Aliases     []cache.Alias         // of versions that are not
	AddressPlan cache.AddressPlan     // of new groups
	// NetworkTypes are those that its addresses are of, ipv4 first; empty: ipv4 alone.
	NetworkTypes []cache.NetworkType
	Room         act.Room                                        // nil: whether there are addresses is not known beforehand
	HostName     func(*replication.Group, netip.AddrPort) string // of one of a group's addresses; nil: answers show the address
	Witness      act.Witness
	Usage        act.Usage          // nil: it is never known
	Memory       act.Memory         // nil: how full nodes are is never known
	Metrics      extension.Metrics  // nil: nothing is remembered
	Refusals     extension.Refusals // nil: nobody was refused
	Guests       extension.Guests   // nil: it is not known who came through which place
	EC2          act.EC2            // nil: security groups and subnets are our own, or not known
	Commands     user.Commands      // that access strings of users can name
	Try          act.Try            // nil: there is no engine to ask
	// CheckDelivery reports whether a guided rotation may and could deliver its token there.
	// The error's text is shown to the client. Nil: everything is accepted.
	CheckDelivery func(context.Context, rotation.Target) error
	// ConsoleLink makes the link with which a caller signs in to the console once, below a
	// base like http://127.0.0.1:4580. Nil: there is no console.
	ConsoleLink func(base, caller string) (url string, expiresAt time.Time)
	// Trouble says what keeps the whole service from doing its work; empty: nothing does. It is shown with the
	// state of every group. Nil: nothing ever does.
	Trouble        func() cache.Saying
	Lookup         func(accessKeyID string) (sigv4.Credential, bool)
	Bodies         *intake.Bodies // reads requests; nil: within a budget of this API's own
	AnyCaller      bool           // accept every request, signed or not
	Version        string         // of the program, which callers are told once they are known; empty: they are not
	StrictSecurity bool           // caches can only name security groups that are known here
	NodeMemory     int64          // bytes that the nodes of all groups may have together by their node types; 0: any amount
	AtRest         group.AtRest   // encrypts nodes' files
	Region         string
	Account        string
	Audit          func(Record)
	Logger         *slog.Logger
	Now            func() time.Time
}

// API answers the requests of ElastiCache clients. It is an [http.Handler].
type API struct {
	Options
	versions cache.Catalogue
	verifier sigv4.Verifier
}

// New makes an API.
func New(options Options) *API {
	if options.Bodies == nil {
		options.Bodies = intake.NewBodies(BodyBudget)
	}
	if len(options.NetworkTypes) == 0 {
		options.NetworkTypes = []cache.NetworkType{cache.NetworkIPv4}
	}
	return &API{Options: options, versions: cache.NewCatalogue(options.Engines, options.Aliases), verifier: sigv4.Verifier{Services: []string{serviceElastiCache, serviceSTS}, Lookup: options.Lookup}}
}

// call is one request on its way through.
type call struct {
	requestID string
	caller    sigv4.Identity
	known     bool   // the caller is proven, or need not be
	via       string // empty: the request proves its caller itself
	base      string // URL that the client reached this service at
	action    *action
	input     any
	unread    bool // the request's body was not read to its end
}

// ServeHTTP answers one request.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.serve(w, r, &call{requestID: newRequestID()})
}

// As answers requests of a caller that is known by other means than a signature, and may
// use every service. via names those means in the audit log.
func (a *API) As(accessKeyID, via string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.serve(w, r, &call{requestID: newRequestID(), caller: sigv4.Identity{AccessKeyID: accessKeyID, Region: a.Region}, via: via})
	})
}

func (a *API) serve(w http.ResponseWriter, r *http.Request, c *call) {
	output, err := a.handle(c, r)
	var body bytes.Buffer
	status := http.StatusOK
	if err == nil {
		err = awsquery.Encode(&body, c.action.name, output, c.requestID, awsquery.WithNamespace(c.action.namespace()))
	}
	result := "ok"
	if err != nil {
		answer := a.explain(c, err)
		result, status = answer.Code, answer.HTTPStatus
		body.Reset()
		_ = awsquery.EncodeError(&body, answer.Code, answer.message, answer.Fault, c.requestID) // a buffer takes every write
	}
	a.record(c, r, result)
	if c.unread {
		defer intake.AnswerNow(w, r)()
	}
	w.Header().Set("Content-Type", "text/xml")
	w.Header().Set("X-Amzn-Requestid", c.requestID)
	if c.known && a.Version != "" {
		w.Header().Set("X-Aikagi-Version", a.Version)
	}
	send(w, r, status, body.Bytes())
}

func send(w http.ResponseWriter, r *http.Request, status int, answer []byte) {
	w.Header().Set("Vary", "Accept-Encoding")
	if small := compress(r, answer); small != nil {
		w.Header().Set("Content-Encoding", "gzip")
		answer = small
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	w.WriteHeader(status)
	_, _ = w.Write(answer) // the client is gone if this fails; there is nobody to tell
}

// handle does everything that can go wrong.
func (a *API) handle(c *call, r *http.Request) (any, error) {
	raw, done, err := a.receive(c, r)
	defer done()
	if err != nil {
		c.unread = true
		return nil, err
	}
	if err := a.authenticate(c, r, raw); err != nil {
		return nil, err
	}
	c.known = true
	intake.Keep(r.Context())
	form, err := parseForm(r, raw)
	if err != nil {
		return nil, err
	}
	if c.action, err = findAction(form); err != nil {
		return nil, err
	}
	if !a.AnyCaller && c.via == "" && c.caller.Service != c.action.service {
		return nil, &sigv4.Error{Code: "SignatureDoesNotMatch", HTTPStatus: http.StatusForbidden,
			Message: "Credential should be scoped to correct service: '" + c.action.service + "'."}
	}
	c.input = c.action.input()
	if err := awsquery.Decode(form, c.input); err != nil {
		return nil, err
	}
	c.base = baseOf(r)
	if err := c.action.refuse(r.Context(), a, c.input); err != nil {
		return nil, err
	}
	return c.action.run(a, context.WithValue(r.Context(), callKey{}, c), c.input)
}

// Anonymous stands for the access key id of whoever is let in without proof.
const Anonymous = "anonymous"

func (a *API) authenticate(c *call, r *http.Request, raw []byte) error {
	if c.via != "" {
		return nil
	}
	if a.AnyCaller {
		c.caller = sigv4.Identity{AccessKeyID: Anonymous, Region: a.Region}
		return nil
	}
	identity, err := a.verifier.Verify(r, raw, a.Now())
	c.caller = identity
	return err
}

// receive reads the request's body, if its header is not reason enough to refuse it. done gives back what
// the body takes of the budget of all.
func (a *API) receive(c *call, r *http.Request) (raw []byte, done func(), err error) {
	done = func() {}
	if r.Method != http.MethodPost && r.Method != http.MethodGet {
		return nil, done, answerError{shapeMalformedQuery, "Requests are sent with POST."}
	}
	if c.via == "" && !a.AnyCaller {
		if err := a.verifier.Admit(r, a.Now()); err != nil {
			return nil, done, err
		}
	}
	raw, done, err = a.Bodies.Read(r, bodyMax)
	switch {
	case errors.Is(err, intake.ErrTooLarge):
		err = answerError{shapeTooLarge, fmt.Sprintf("The request is larger than %d bytes.", bodyMax)}
	case errors.Is(err, intake.ErrBusy):
		err = answerError{shapeRequestLimit, "Too many large requests are being sent at the same time. Try again in a moment."}
	case err != nil:
		err = answerError{shapeMalformedQuery, "The request's body could not be read to its end."}
	}
	return raw, done, err
}

func parseForm(r *http.Request, raw []byte) (url.Values, error) {
	text := string(raw)
	if r.Method == http.MethodGet {
		text = r.URL.RawQuery
	}
	form, err := url.ParseQuery(text)
	if err != nil {
		return nil, answerError{shapeMalformedQuery, "The request is not a well-formed form."}
	}
	return form, nil
}

// explain turns an error into an answer and logs, once, what the answer keeps back.
func (a *API) explain(c *call, err error) answerError {
	answer, internal := translate(err)
	if internal {
		name := ""
		if c.action != nil {
			name = c.action.name
		}
		a.Logger.Error("request failed", "request_id", c.requestID, "action", name, "error", err)
	}
	return answer
}

func (a *API) record(c *call, r *http.Request, result string) {
	if c.action == nil || !c.action.mutates() {
		return
	}
	a.Audit(Record{
		At: a.Now(), RequestID: c.requestID, Caller: c.caller.AccessKeyID, Via: c.via, Address: r.RemoteAddr,
		Action: c.action.name, Resource: c.action.resource(c.input), Allows: c.action.allows(c.input), Result: result,
	})
}

type callKey struct{}

// callOf returns the call that a handler works on. It is not to be changed.
func callOf(ctx context.Context) *call {
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c
	}
	return &call{}
}

// newRequestID makes an id in the form of a random UUID.
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
