package delivery_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/delivery"
)

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// write makes a file, which may be a program: no child that another test forks meanwhile has it open for writing, which would keep it from being run.
func write(t *testing.T, path, content string, mode os.FileMode) {
	t.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	if err := os.WriteFile(path, []byte(content), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, entry := range entries {
		found = append(found, entry.Name())
	}
	return found
}

func newFile(t *testing.T) receiver {
	dir := t.TempDir()
	path := filepath.Join(dir, "token")
	write(t, path, oldToken, 0o600)
	return receiver{
		target:  rotation.Target{File: &rotation.FileTarget{Path: path}},
		options: delivery.Options{Files: []string{dir}},
		inUse:   func(t *testing.T) string { return read(t, path) },
		rest: func(t *testing.T) string {
			return strings.Join(slices.DeleteFunc(names(t, dir), func(name string) bool { return name == "token" }), " ")
		},
	}
}

// program keeps a token in the directory of its argument, as the package's comment
// asks of programs; and it prints the token, as they should not.
const program = `#!/bin/sh
set -eu
cd "$1"
token=$(cat)
case "$AIKAGI_VERB" in
deliver)
	echo "installing $token"; echo "warning: $token" >&2
	[ "$token" != "$(cat current)" ] || exit 0
	cp current previous
	printf %s "$token" >next
	mv next current ;;
revert)
	[ -z "$token" ]
	if [ "$(sha256sum <current | cut -c1-12)" = "$AIKAGI_FINGERPRINT" ]; then mv previous current; fi
	rm -f previous ;;
finish)
	rm -f previous ;;
esac
`

func newCommand(t *testing.T) receiver {
	dir, state := t.TempDir(), t.TempDir()
	path := filepath.Join(dir, "push-token")
	write(t, path, program, 0o755)
	write(t, filepath.Join(state, "current"), oldToken, 0o600)
	return receiver{
		target:  rotation.Target{Command: &rotation.CommandTarget{Program: path, Arguments: []string{state}}},
		options: delivery.Options{Commands: []string{dir}},
		inUse:   func(t *testing.T) string { return read(t, filepath.Join(state, "current")) },
		rest: func(t *testing.T) string {
			return strings.Join(slices.DeleteFunc(names(t, state), func(name string) bool { return name == "current" }), " ")
		},
	}
}

// endpointVariable names a further Secrets Manager server to test with, such as moto's.
const endpointVariable = "AIKAGI_SECRETSMANAGER_ENDPOINT"

// secretServers are the servers to test with, by name.
func secretServers(t *testing.T) map[string]string {
	_, url := startStandIn(t)
	servers := map[string]string{"stand-in": url}
	if given := os.Getenv(endpointVariable); given != "" {
		servers["given"] = given
		t.Logf("Secrets Manager: the stand-in of this test, and the server at %s", given)
	} else {
		t.Logf("Secrets Manager: only the stand-in of this test; %s adds a real server", endpointVariable)
	}
	return servers
}

func clientAt(t *testing.T, endpoint string) *secretsmanager.Client {
	t.Helper()
	loaded, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return secretsmanager.NewFromConfig(loaded, func(o *secretsmanager.Options) { o.BaseEndpoint = &endpoint })
}

// around is the rest of a secret that is a JSON object; no byte of it may change.
const around = "{ \"user\": \"app\",\n\t\"password\" : \"%\", \"port\": 6379.0, \"nested\": {\"password\":\"<&>\"} }\n"

func newSecret(t *testing.T, endpoint, key string) receiver {
	name := "app/" + token.Generate().Reveal()[:12]
	api := clientAt(t, endpoint)
	text := oldToken
	if key != "" {
		text = strings.Replace(around, "%", oldToken, 1)
	}
	if _, err := api.CreateSecret(context.Background(), &secretsmanager.CreateSecretInput{Name: &name, SecretString: &text}); err != nil {
		t.Fatal(err)
	}
	return receiver{
		target: rotation.Target{SecretsManager: &rotation.SecretsManagerTarget{
			Secret: name, Region: "eu-central-1", Endpoint: endpoint, Key: key, Insecure: true}},
		options: delivery.Options{Endpoints: []string{endpoint}},
		inUse: func(t *testing.T) string {
			t.Helper()
			text := labelled(t, api, name, "AWSCURRENT")
			if key == "" {
				return text
			}
			before, after, _ := strings.Cut(around, "%")
			if !strings.HasPrefix(text, before) || !strings.HasSuffix(text, after) {
				t.Fatalf("the rest of the object changed: %q", text)
			}
			return strings.TrimSuffix(strings.TrimPrefix(text, before), after)
		},
		rest: func(t *testing.T) string {
			t.Helper()
			answer, err := api.DescribeSecret(context.Background(), &secretsmanager.DescribeSecretInput{SecretId: &name})
			if err != nil {
				t.Fatal(err)
			}
			for id, stages := range answer.VersionIdsToStages {
				if slices.Contains(stages, "AWSPENDING") {
					return "AWSPENDING on version " + id
				}
			}
			return ""
		},
	}
}

func labelled(t *testing.T, api *secretsmanager.Client, name, label string) string {
	t.Helper()
	answer, err := api.GetSecretValue(context.Background(), &secretsmanager.GetSecretValueInput{SecretId: &name, VersionStage: &label})
	if err != nil {
		t.Fatal(err)
	}
	return aws.ToString(answer.SecretString)
}
