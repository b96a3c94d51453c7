package user

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aikagi/aikagi/internal/cache"
)

var (
	noon       = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	yes, no    = true, false
	aPassword  = "a-str0ng-pa))word"
	anotherOne = "another-password!"
)

func byPassword(all ...string) LoginAsked { return LoginAsked{Passwords: all} }

func TestNew(t *testing.T) {
	t.Parallel()
	good := Spec{ID: "Alice", Name: "alice", Engine: "REDIS", AccessString: "on ~* +@all", Login: byPassword(aPassword, anotherOne), Commands: some}
	for name, c := range map[string]struct {
		change func(*Spec)
		kind   cache.Kind // empty: it is accepted
		says   string
	}{
		"good":             {func(*Spec) {}, "", ""},
		"default's name":   {func(s *Spec) { s.Name = DefaultID }, "", ""},
		"a long id":        {func(s *Spec) { s.ID = strings.Repeat("a", 41) }, cache.KindInvalid, "UserId is not a valid identifier"},
		"a digit first":    {func(s *Spec) { s.ID = "1a" }, cache.KindInvalid, "UserId is not a valid identifier"},
		"no name":          {func(s *Spec) { s.Name = "" }, cache.KindInvalid, "UserName must have"},
		"a line":           {func(s *Spec) { s.Name = "a\nuser b on nopass" }, cache.KindInvalid, "UserName must have"},
		"a space":          {func(s *Spec) { s.Name = "a on" }, cache.KindInvalid, "UserName must have"},
		"a token's":        {func(s *Spec) { s.Name = "token:0123" }, cache.KindInvalid, "the service's own users"},
		"the service's":    {func(s *Spec) { s.Name = "Aikagi:admin" }, cache.KindInvalid, "the service's own users"},
		"memcached":        {func(s *Spec) { s.Engine = "memcached" }, cache.KindInvalid, "Engine must be one of"},
		"no access":        {func(s *Spec) { s.AccessString = "" }, cache.KindInvalid, "has no rules"},
		"valkey, open":     {func(s *Spec) { s.Engine, s.Login = "valkey", LoginAsked{NoPasswordRequired: &yes} }, cache.KindCombination, "No-password-required is not allowed for a user with engine Valkey"},
		"iam, other name":  {func(s *Spec) { s.Login = LoginAsked{Mode: AuthenticationIAM}; s.Name = "bob" }, cache.KindCombination, "User Id and User name must be same for authentication type: iam"},
		"iam, in capitals": {func(s *Spec) { s.Login = LoginAsked{Mode: AuthenticationIAM}; s.Name = "Alice" }, cache.KindCombination, "must be same"},
		"iam":              {func(s *Spec) { s.Login = LoginAsked{Mode: AuthenticationIAM} }, "", ""},
	} {
		spec := good
		c.change(&spec)
		u, err := New(spec, noon)
		switch {
		case c.kind == "" && (err != nil || u.ID != "alice" || u.Engine != cache.EngineRedis || u.Status != StatusActive):
			t.Errorf("%s: %+v (%v)", name, u, err)
		case c.kind != "" && (!cache.IsKind(err, c.kind) || !strings.Contains(err.Error(), c.says)):
			t.Errorf("%s: %v, want %q of kind %s", name, err, c.says, c.kind)
		}
	}
}

func TestResolveLogin(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("p", 128)
	open := &Login{Authentication: AuthenticationNone}
	one, err := byPassword(aPassword).Resolve(nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		asked LoginAsked
		had   *Login
		want  string // the authentication and the number of passwords
		says  string
	}{
		"passwords":               {byPassword(aPassword, long), nil, "password 2", ""},
		"the same twice":          {byPassword(aPassword, aPassword), nil, "password 1", ""},
		"mode":                    {LoginAsked{Mode: AuthenticationPassword, ModePasswords: []string{aPassword}}, nil, "password 1", ""},
		"mode, not open":          {LoginAsked{Mode: AuthenticationPassword, ModePasswords: []string{aPassword}, NoPasswordRequired: &no}, nil, "password 1", ""},
		"mode, and passwords":     {LoginAsked{Mode: AuthenticationPassword, Passwords: []string{aPassword}}, nil, "password 1", ""},
		"open":                    {LoginAsked{NoPasswordRequired: &yes}, nil, "no-password-required 0", ""},
		"open by mode":            {LoginAsked{Mode: AuthenticationNone}, nil, "no-password-required 0", ""},
		"stays":                   {LoginAsked{}, &one, "password 1", ""},
		"stays, not open":         {LoginAsked{NoPasswordRequired: &no}, &one, "password 1", ""},
		"stays by mode":           {LoginAsked{Mode: AuthenticationPassword}, &one, "password 1", ""},
		"opened":                  {LoginAsked{NoPasswordRequired: &yes}, &one, "no-password-required 0", ""},
		"closed":                  {byPassword(aPassword), open, "password 1", ""},
		"replaced":                {byPassword(anotherOne, long), &one, "password 2", ""},
		"nothing":                 {LoginAsked{}, nil, "", "No password was provided."},
		"closed without password": {LoginAsked{NoPasswordRequired: &no}, open, "", "No password was provided."},
		"mode without password":   {LoginAsked{Mode: AuthenticationPassword}, open, "", "must have at least one password"},
		"given twice":             {LoginAsked{Passwords: []string{aPassword}, Mode: AuthenticationPassword, ModePasswords: []string{anotherOne}}, nil, "", "via multiple arguments"},
		"open with password":      {LoginAsked{NoPasswordRequired: &yes, Passwords: []string{aPassword}}, nil, "", "flag is true but provided authentication type is password"},
		"open and iam":            {LoginAsked{NoPasswordRequired: &yes, Mode: AuthenticationIAM}, nil, "", "provided authentication type is iam"},
		"iam with password":       {LoginAsked{Mode: AuthenticationIAM, Passwords: []string{aPassword}}, nil, "", "not allowed with authentication type: iam"},
		"unknown mode":            {LoginAsked{Mode: "PASSWORD", ModePasswords: []string{aPassword}}, nil, "", "is not in the allowed list: [password,no-password-required,iam]"},
		"three":                   {byPassword(aPassword, anotherOne, long), nil, "", "at most 2"},
		"short":                   {byPassword(aPassword[:15]), nil, "", "Passwords length must be between 16-128 characters."},
		"too long":                {byPassword(long + "p"), nil, "", "Passwords length must be"},
		"a comma":                 {byPassword("a,str0ng-password"), nil, "", "none of"},
		"a space":                 {byPassword("a str0ng-password"), nil, "password 1", ""},
		"a line":                  {byPassword("a\nstr0ng-password"), nil, "", "printable"},
	} {
		got, err := c.asked.Resolve(c.had)
		if c.says == "" && (err != nil || fmt.Sprint(got.Authentication, " ", len(got.Passwords)) != c.want) || c.says != "" && (err == nil || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %+v (%v), want %s%s", name, got, err, c.want, c.says)
		}
		for _, password := range slices.Concat(c.asked.Passwords, c.asked.ModePasswords) {
			if strings.Contains(fmt.Sprintf("%v %+v %#v", err, got, got), password) {
				t.Errorf("%s: the password shows", name)
			}
		}
	}
}

// make makes a user of this id and name, by password.
func makeUser(t *testing.T, id, name, engine string) *User {
	t.Helper()
	u, err := New(Spec{ID: id, Name: name, Engine: engine, AccessString: "on ~a +get", Login: byPassword(aPassword), Commands: some}, noon)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestModify(t *testing.T) {
	t.Parallel()
	text := func(s string) *string { return &s }
	in := &Group{ID: "g", Engine: cache.EngineRedis, UserIDs: []string{DefaultID, "u"}, Status: StatusActive}
	valkeys := &Group{ID: "v", Engine: cache.EngineValkey, UserIDs: []string{"u"}, Status: StatusActive}
	for name, c := range map[string]struct {
		change Change
		access string // that it has then
		status Status
		says   string
	}{
		"nothing":       {Change{}, "on ~a -@all +get", StatusActive, "No modifications"},
		"access":        {Change{AccessString: text("off ~b")}, "off ~b -@all", StatusActive, ""},
		"appended":      {Change{Append: text("+set off")}, "off ~a -@all +get +set", StatusActive, ""},
		"both":          {Change{AccessString: text("on"), Append: text("+set")}, "on ~a -@all +get", StatusActive, "cannot be given together"},
		"in use":        {Change{Login: byPassword(anotherOne), InUse: true}, "on ~a -@all +get", StatusModifying, ""},
		"to Valkey":     {Change{Engine: text("VALKEY"), Groups: []*Group{valkeys}}, "on ~a -@all +get", StatusActive, ""},
		"not in Redis":  {Change{Engine: text("valkey"), Groups: []*Group{valkeys, in}}, "on ~a -@all +get", StatusActive, "cannot be in user group g"},
		"not open":      {Change{Login: LoginAsked{NoPasswordRequired: &yes}, Groups: []*Group{valkeys}}, "on ~a -@all +get", StatusActive, "No password user u cannot be added"},
		"wrong engine":  {Change{Engine: text("x"), AccessString: text("off")}, "on ~a -@all +get", StatusActive, "Engine must be"},
		"wrong command": {Change{AccessString: text("+config")}, "on ~a -@all +get", StatusActive, "never offered"},
	} {
		u := makeUser(t, "u", "u", "redis")
		c.change.Commands = some
		err := u.Modify(c.change)
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) || u.Access.String() != c.access || u.Status != c.status {
			t.Errorf("%s: %+v (%v)", name, u, err)
		}
	}
	u := makeUser(t, "u", "u", "redis")
	u.Status = StatusModifying
	if err := u.Modify(Change{AccessString: text("off")}); !cache.IsKind(err, cache.KindState) || err.Error() != "User u has status modifying. Only active users can be modified." {
		t.Errorf("while it is modified: %v", err)
	}
	if u.Settle(); u.Status != StatusActive {
		t.Errorf("settled: %s", u.Status)
	}
	if err := u.Delete(); err != nil || u.Status != StatusDeleting {
		t.Errorf("deleted: %v, %s", err, u.Status)
	}
	if u.Settle(); u.Status != StatusDeleting {
		t.Errorf("deleted and settled: %s", u.Status)
	}
	d := Default(noon)
	tagged := d.ChangeTags(func(t cache.Tags) (cache.Tags, error) { return t, nil })
	for _, err := range []error{d.Modify(Change{AccessString: text("off")}), d.Delete(), tagged} {
		if !cache.IsKind(err, cache.KindInvalid) {
			t.Errorf("the default user: %v", err)
		}
	}
}
