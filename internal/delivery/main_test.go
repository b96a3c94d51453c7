package delivery_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/aikagi/aikagi/internal/cache/rotation"
	"github.com/aikagi/aikagi/internal/cache/token"
	"github.com/aikagi/aikagi/internal/delivery"
)

// childVariable makes the test's own binary a process that does one call of a
// delivery and kills itself at a point of it.
const childVariable = "AIKAGI_DELIVERY_TEST_CHILD"

// job is what a child does; it comes on stdin, for it holds the token.
type job struct {
	Target            rotation.Target
	Files, Commands   []string
	Endpoints         []string
	Call              string
	RotationID, Token string
	KillAt            int
}

func TestMain(m *testing.M) {
	if os.Getenv(childVariable) != "" {
		if err := child(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	// The SDK must find these credentials and nothing of the machine's.
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "example", "AWS_REGION": "eu-central-1",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	} {
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	os.Exit(m.Run())
}

func child() error {
	var j job
	if err := json.NewDecoder(os.Stdin).Decode(&j); err != nil {
		return err
	}
	reached := 0
	d, err := delivery.New(j.Target, delivery.Options{Files: j.Files, Commands: j.Commands, Endpoints: j.Endpoints, Point: func(string) {
		if reached++; reached == j.KillAt {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}})
	if err != nil {
		return err
	}
	token, err := token.Parse(j.Token)
	if err != nil {
		return err
	}
	return call(d, j.Call, changeOf(j.RotationID, token))
}

func call(d delivery.Delivery, name string, change delivery.Change) error {
	switch name {
	case "check":
		return d.Check(context.Background())
	case "stage":
		return d.Stage(context.Background(), change)
	case "deliver":
		return d.Deliver(context.Background(), change)
	case "revert":
		return d.Revert(context.Background(), change)
	case "finish":
		return d.Finish(context.Background(), change)
	}
	return fmt.Errorf("no call %q", name)
}

func changeOf(rotation string, token token.Token) delivery.Change {
	return delivery.Change{RotationID: rotation, GroupID: "shop", Token: token,
		Fingerprint: token.Digest().Fingerprint(), Endpoint: "127.0.0.1:6379"}
}

// killed runs a call in a child that dies at its n-th point. It reports whether
// there was such a point.
func killed(t *testing.T, r receiver, name string, change delivery.Change, n int) bool {
	t.Helper()
	in, err := json.Marshal(job{Target: r.target, Files: r.options.Files, Commands: r.options.Commands, Endpoints: r.options.Endpoints,
		Call: name, RotationID: change.RotationID, Token: change.Token.Reveal(), KillAt: n})
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childVariable+"=1")
	child.Stdin = bytes.NewReader(in)
	var printed bytes.Buffer
	child.Stderr = &printed
	err = child.Run()
	if status, ok := child.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() && status.Signal() == syscall.SIGKILL {
		return true
	}
	if err != nil {
		t.Fatalf("child: %v: %s", err, printed.String())
	}
	return false
}
