package user

import (
	"regexp"
	"strings"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

// Limits.
//
// Source: ElastiCache User Guide, "Quotas"; the console's texts say how long ids can be.
const (
	UsersMax  = 2000 // of one region
	GroupsMax = 200
	idMax     = 40
	nameMax   = 128
)

// DefaultID is the id, and the name, of the user that is always there.
const DefaultID = "default"

// ReservedPrefixes begin the names of the service's own users, and of those that stand for tokens: no user can have such a name.
var ReservedPrefixes = []string{"aikagi:", "token:"}

// Status is what a user or a user group is going through, in the original's words.
type Status string

// The statuses in use.
const (
	StatusActive    Status = "active"
	StatusModifying Status = "modifying"
	StatusDeleting  Status = "deleting"
)

// User is one who can log in to the caches that a group of it is attached to.
type User struct {
	ID        string       `json:"id"`
	Name      string       `json:"name"` // by which the engine knows it; several users can have the same
	Engine    cache.Engine `json:"engine"`
	Access    Access       `json:"access"`
	Login     Login        `json:"login"`
	Status    Status       `json:"status"`
	Tags      cache.Tags   `json:"tags,omitempty"`
	CreatedAt time.Time    `json:"created_at"`

	Revision int64 `json:"-"` // the store's
}

// Spec is what is asked for when a user is created.
type Spec struct {
	ID, Name, Engine, AccessString string
	Login                          LoginAsked
	Commands                       Commands
	Tags                           []cache.Tag
}

// Change is what is asked for when a user is modified. Nil: it stays.
type Change struct {
	Engine       *string
	AccessString *string
	Append       *string // to the access string
	Login        LoginAsked
	Commands     Commands
	Groups       []*Group // all that have the user
	InUse        bool     // a cache has one of them
}

// New makes a user, not stored yet. The error names all that is wrong; it is of [cache.KindInvalid], [cache.KindCombination] or
// [cache.KindQuota].
func New(spec Spec, now time.Time) (*User, error) {
	u := &User{ID: strings.ToLower(spec.ID), Name: spec.Name, Status: StatusActive, CreatedAt: now}
	var engineFault, accessFault, loginFault, tagFault error
	u.Engine, engineFault = ParseEngine(spec.Engine)
	u.Access, accessFault = ParseAccess(spec.AccessString, spec.Commands)
	u.Login, loginFault = spec.Login.Resolve(nil)
	u.Tags, tagFault = cache.Tags{}.With(spec.Tags)
	err := cache.Join(checkID("UserId", u.ID), checkName(u.Name), engineFault, accessFault, loginFault, tagFault)
	if err != nil {
		return nil, err
	}
	return u, u.checkLogin()
}

// Default is the user of [DefaultID].
//
// Source: ElastiCache User Guide, "Role-Based Access Control (RBAC)"; answers of DescribeUsers have its access string.
func Default(now time.Time) *User {
	return &User{
		ID: DefaultID, Name: DefaultID, Engine: cache.EngineRedis, Access: FullAccess(), Login: Login{Authentication: AuthenticationNone},
		Status: StatusActive, CreatedAt: now,
	}
}

// Modify changes the user. Errors are those of New, [cache.ErrNoModification], those that a group has against it, and of
// [cache.KindState] about [cache.ResourceUser] if it is not active. After an error the user is as it was.
func (u *User) Modify(c Change) error {
	if err := u.checkChangeable("modified"); err != nil {
		return err
	}
	next := *u
	var engineFault, accessFault, loginFault error
	if c.Engine != nil {
		next.Engine, engineFault = ParseEngine(*c.Engine)
	}
	next.Access, accessFault = u.AccessWith(c.AccessString, c.Append, c.Commands)
	next.Login, loginFault = c.Login.Resolve(&u.Login)
	if err := cache.Join(engineFault, accessFault, loginFault); err != nil {
		return err
	}
	if c.Engine == nil && c.AccessString == nil && c.Append == nil && !c.Login.asks() {
		return cache.ErrNoModification
	}
	if err := next.checkLogin(); err != nil {
		return err
	}
	for _, g := range c.Groups {
		if err := g.admits(&next); err != nil {
			return err
		}
	}
	if c.InUse {
		next.Status = StatusModifying
	}
	*u = next
	return nil
}

// AccessWith is the user's access with another access string in its place, or with more rules behind it; with neither (nil) it is the one that
// there is. Errors are of [cache.KindInvalid] and [cache.KindCombination].
func (u *User) AccessWith(access, more *string, known Commands) (Access, error) {
	switch {
	case access != nil && more != nil:
		return Access{}, cache.Errorf(cache.KindCombination, "AccessString and AppendAccessString cannot be given together.")
	case access != nil:
		return ParseAccess(*access, known)
	case more != nil:
		return ParseAccess(u.Access.String()+" "+*more, known)
	}
	return u.Access, nil
}

func (asked LoginAsked) asks() bool {
	return asked.NoPasswordRequired != nil || asked.Mode != "" || len(asked.Passwords)+len(asked.ModePasswords) > 0
}

// Delete begins the user's end, which its groups have been told of ([Group.Drop]). The error is of [cache.KindState] about
// [cache.ResourceUser], or of [cache.KindInvalid] for the default user.
func (u *User) Delete() error {
	if err := u.checkChangeable("deleted"); err != nil {
		return err
	}
	u.Status = StatusDeleting
	return nil
}

// Settle notes that all caches have what the user is to be. One that is being deleted is left as it is: it is to be removed.
func (u *User) Settle() {
	if u.Status == StatusModifying {
		u.Status = StatusActive
	}
}

// ChangeTags changes the user's tags. The default user can have none; the error is of [cache.KindInvalid].
func (u *User) ChangeTags(change func(cache.Tags) (cache.Tags, error)) error {
	if u.ID == DefaultID {
		return cache.Errorf(cache.KindInvalid, "The user %s cannot have tags.", DefaultID)
	}
	next, err := change(u.Tags)
	if err == nil {
		u.Tags = next
	}
	return err
}

// MinimumEngineVersion is the oldest engine that understands the user.
//
// Source: API answers have 6.0; selectors and rights to only read or write came with 7.0, and Valkey begins with 7.2.
func (u *User) MinimumEngineVersion() string {
	switch {
	case u.Engine == cache.EngineValkey:
		return "7.2"
	case u.Login.Authentication == AuthenticationIAM || u.Access.needsSeven():
		return "7.0"
	}
	return "6.0"
}

// Event makes an event about the user.
func (u *User) Event(now time.Time, message string) cache.Event {
	return cache.Event{At: now, SourceType: cache.SourceUser, SourceID: u.ID, Message: message}
}

// checkChangeable: Source: the answer is quoted in hashicorp/terraform-provider-aws issue 49726.
func (u *User) checkChangeable(how string) error {
	if u.ID == DefaultID {
		return cache.Errorf(cache.KindInvalid, "The user %s cannot be %s. Make another user whose name is %s, and swap them in the user group.", DefaultID, how, DefaultID)
	}
	if u.Status != StatusActive {
		return cache.ResourceErrorf(cache.KindState, cache.ResourceUser, "User %s has status %s. Only active users can be %s.", u.ID, u.Status, how)
	}
	return nil
}

// checkLogin: Source: answers quoted in terraform-aws-modules/terraform-aws-elasticache issue 65, and by users of Valkey.
func (u *User) checkLogin() error {
	switch {
	case u.Engine == cache.EngineValkey && u.Login.Authentication == AuthenticationNone:
		return cache.Errorf(cache.KindCombination, "No-password-required is not allowed for a user with engine Valkey")
	case u.Login.Authentication == AuthenticationIAM && u.ID != u.Name:
		return cache.Errorf(cache.KindCombination, "User Id and User name must be same for authentication type: iam")
	}
	return nil
}

// CheckCount refuses one more user than there can be; the error is of [cache.KindQuota].
func CheckCount(there int) error {
	if there >= UsersMax {
		return cache.ResourceErrorf(cache.KindQuota, cache.ResourceUser, "There can be at most %d users.", UsersMax)
	}
	return nil
}

// ParseEngine reads the engine of a user or a user group. The error is of [cache.KindInvalid].
func ParseEngine(s string) (cache.Engine, error) {
	switch e := cache.Engine(strings.ToLower(s)); e {
	case cache.EngineRedis, cache.EngineValkey:
		return e, nil
	}
	return "", cache.Errorf(cache.KindInvalid, "The parameter Engine must be one of: redis, valkey.")
}

var idPattern = regexp.MustCompile(`^[a-z](-?[a-z0-9])*$`)

func checkID(parameter, id string) error {
	if len(id) > idMax || !idPattern.MatchString(id) {
		return cache.Errorf(cache.KindInvalid, "The parameter %s is not a valid identifier: 1 to %d letters, digits and hyphens, "+
			"beginning with a letter, without two hyphens in a row or one at the end.", parameter, idMax)
	}
	return nil
}

// checkName refuses what would not be a name for an engine, or would be one of the service's own users.
func checkName(name string) error {
	if name == "" || len(name) > nameMax || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return cache.Errorf(cache.KindInvalid, "The parameter UserName must have 1 to %d printable characters of ASCII, without spaces.", nameMax)
	}
	for _, prefix := range ReservedPrefixes {
		if strings.HasPrefix(strings.ToLower(name), prefix) {
			return cache.Errorf(cache.KindInvalid, "The parameter UserName is not valid: names that begin with %s are those of the service's own users.", prefix)
		}
	}
	return nil
}
