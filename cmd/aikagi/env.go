package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/elasticache"

	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/server"
)

type envCommand struct {
	clientFlags
	Region string `help:"Region of the profile. A region in your environment takes precedence." default:"${region}"`
	Unset  bool   `env:"-" help:"Print the code that undoes it: eval \"$(aikagi env --unset)\"."`
}

// Help says what is touched.
func (envCommand) Help() string {
	return `The code that it prints makes this shell send ElastiCache and STS calls to aikagi, with a profile of its own, aikagi. Other
services keep their endpoints, and none of your files is changed. While it is in force:

  AWS_PROFILE, AWS_SHARED_CREDENTIALS_FILE  the profile, and its file in the data directory. Your profiles in ~/.aws/config
                                            still work; those in ~/.aws/credentials work again after --unset
  AWS_ENDPOINT_URL_ELASTICACHE, ..._STS     the address of aikagi
  AWS_ACCESS_KEY_ID and the like            would override the profile, so they are set aside if they are set
  AIKAGI_DATA_DIR, AIKAGI_CA                used by aikagi, and for redis-cli --cacert

eval "$(aikagi env --unset)" restores everything. No secret is printed.`
}

// Run prints code for a POSIX shell.
func (c *envCommand) Run(ctx context.Context) error {
	if c.Unset {
		fmt.Print(unsetCode(awsIsOld(ctx)))
		return nil
	}
	api, err := c.connect()
	if err != nil {
		return err
	}
	if _, err := api.ElastiCache.DescribeReplicationGroups(ctx, &elasticache.DescribeReplicationGroupsInput{}); err != nil {
		return err
	}
	endpoint, err := c.endpoint()
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(c.path())
	if err != nil {
		return fmt.Errorf("find data directory: %w", err)
	}
	https := strings.HasPrefix(endpoint, "https:")
	profile, err := datadir.WriteProfile(dir, c.Region, https)
	if err != nil {
		return err
	}
	fmt.Print(setCode(endpoint, profile, dir, https, awsIsOld(ctx)))
	fmt.Fprintf(os.Stderr, "aikagi: in this shell, ElastiCache is %s; undo: eval \"$(%s env --unset)\"\n", endpoint, quoteArg(os.Args[0]))
	return nil
}

// Variables that are set, and those that are only set aside: they would win over the profile.
var (
	setVariables = []string{
		"AWS_ENDPOINT_URL_ELASTICACHE", "AWS_ENDPOINT_URL_STS", "AWS_SHARED_CREDENTIALS_FILE", "AWS_PROFILE", "AIKAGI_DATA_DIR", "AIKAGI_CA",
	}
	asideVariables = []string{"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN", "AWS_DEFAULT_PROFILE", "AWS_CA_BUNDLE"}
)

// setCode keeps what the variables were, once, and sets them. What is kept is not exported: it
// may be secret.
func setCode(endpoint, profile, dir string, https, old bool) string {
	aside := slices.DeleteFunc(slices.Clone(asideVariables), func(v string) bool { return v == "AWS_CA_BUNDLE" && !https })
	var b strings.Builder
	b.WriteString("if [ -z \"${AIKAGI_ENV-}\" ]; then AIKAGI_ENV=1\n")
	for _, v := range slices.Concat(setVariables, aside) {
		fmt.Fprintf(&b, "[ -z \"${%s+x}\" ] || AIKAGI_SAVED_%[1]s=$%[1]s\n", v)
	}
	fmt.Fprintf(&b, "fi\nunset %s\n", strings.Join(aside, " "))
	for i, value := range []string{endpoint, endpoint, profile, datadir.Profile, dir, datadir.AuthorityPath(dir)} {
		fmt.Fprintf(&b, "export %s=%s\n", setVariables[i], quoteArg(value))
	}
	if old {
		b.WriteString("# this AWS CLI is too old to read AWS_ENDPOINT_URL_ELASTICACHE\n" +
			`aws() { case " $* " in *" elasticache "*|*" sts "*) command aws --endpoint-url "$AWS_ENDPOINT_URL_ELASTICACHE" "$@" ;; *) command aws "$@" ;; esac; }` + "\n")
	}
	return b.String()
}

// unsetCode takes setCode back, in a shell that it is in force in.
func unsetCode(old bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "if [ -n \"${AIKAGI_ENV-}\" ] || [ \"${AWS_PROFILE-}\" = %s ]; then\nunset AIKAGI_ENV %s\n", datadir.Profile, strings.Join(setVariables, " "))
	for _, v := range slices.Concat(setVariables, asideVariables) {
		fmt.Fprintf(&b, "[ -z \"${AIKAGI_SAVED_%s+x}\" ] || { export %[1]s=\"$AIKAGI_SAVED_%[1]s\"; unset AIKAGI_SAVED_%[1]s; }\n", v)
	}
	if old {
		b.WriteString("unset -f aws\n")
	}
	return b.String() + "fi\n"
}

var awsVersion = regexp.MustCompile(`^aws-cli/(\d+)\.(\d+)`)

// awsIsOld reports whether the installed AWS CLI does not know AWS_ENDPOINT_URL_ELASTICACHE.
//
// Source: AWS SDKs and Tools Reference, "Service-specific endpoints": since 1.29
// and 2.13.
func awsIsOld(ctx context.Context) bool {
	out, err := exec.CommandContext(ctx, "aws", "--version").CombinedOutput()
	if err != nil {
		return false
	}
	m := awsVersion.FindSubmatch(out)
	if m == nil {
		return false
	}
	major, _ := strconv.Atoi(string(m[1]))
	minor, _ := strconv.Atoi(string(m[2]))
	return major == 1 && minor < 29 || major == 2 && minor < 13
}

var plainArg = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// quoteArg quotes a word for a POSIX shell.
func quoteArg(s string) string {
	if plainArg.MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

type versionCommand struct{}

// Run prints the version of the build.
func (versionCommand) Run() error {
	fmt.Fprintln(os.Stdout, "aikagi", server.Version())
	return nil
}
