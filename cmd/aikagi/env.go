package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"github.com/aikagi/aikagi/internal/datadir"
	"github.com/aikagi/aikagi/internal/server"
)

type envCommand struct {
	clientFlags
	Region string `help:"Region to export." default:"us-east-1"`
}

// Run prints nothing secret: the credentials stay in their file.
func (c *envCommand) Run(ctx context.Context) error {
	endpoint, err := c.endpoint()
	if err != nil {
		return err
	}
	dir, err := filepath.Abs(c.path())
	if err != nil {
		return fmt.Errorf("find data directory: %w", err)
	}
	exports := [][2]string{
		{"AWS_ENDPOINT_URL", endpoint},
		{"AWS_SHARED_CREDENTIALS_FILE", datadir.CredentialsPath(dir)},
		{"AWS_PROFILE", "default"},
		{"AWS_REGION", c.Region},
		{"AWS_DEFAULT_REGION", c.Region},
		{"AWS_PAGER", ""},
		{"AIKAGI_DATA_DIR", dir},
		{"AIKAGI_CA", datadir.AuthorityPath(dir)},
	}
	if strings.HasPrefix(endpoint, "https:") {
		exports = append(exports, [2]string{"AWS_CA_BUNDLE", datadir.AuthorityPath(dir)})
	}
	for _, e := range exports {
		fmt.Printf("export %s=%s\n", e[0], quoteArg(e[1]))
	}
	// Keys in the environment would win over the file.
	fmt.Println("unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN")
	if awsIsOld(ctx) {
		fmt.Println(`# this AWS CLI is too old to read AWS_ENDPOINT_URL
aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }`)
	}
	return nil
}

var awsVersion = regexp.MustCompile(`^aws-cli/(\d+)\.(\d+)`)

// awsIsOld reports whether the installed AWS CLI does not know AWS_ENDPOINT_URL.
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
