package module

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// ClientRules belongs at the end of the ACL rules of every user that a client can be. It lets the
// user reach the module's answers to ACL LIST, ACL USERS and CLIENT LIST; whether it gets them is
// decided by its rights to the real commands. On Redis 6.2 these rules alone decide.
const ClientRules = "+aikagi.acl +aikagi.client"

// ErrSettings says that Settings cannot be used.
var ErrSettings = errors.New("invalid module settings")

// Settings is what the module of one node has to know.
type Settings struct {
	// ACLSecret is the command name by which the service calls the whole of ACL on this node. It
	// begins with "acl-" and cannot be guessed. The engine's configuration must not
	// rename ACL itself.
	ACLSecret string
	// InternalPrefix begins the names of the users of the service itself, like "aikagi:".
	InternalPrefix string
}

// settingsFile is the module's own, beside the engine's configuration. The settings are not
// arguments of loadmodule because HELLO shows those to every client.
const settingsFile = "aikagi-module.conf"

// Blanks end a word in the settings file, and the module has room for 127 bytes. The secret's first
// letters let the filter pass by most commands after one look at theirs; 16 more cannot be guessed.
var (
	aclSecret      = regexp.MustCompile(`^acl-[!-~]{16,123}$`)
	internalPrefix = regexp.MustCompile(`^[!-~]{1,127}$`)
)

// Configure writes the module's settings into dir, readable only by the owner, and returns the
// arguments that follow the module's path in the engine's loadmodule line, unquoted. The
// engine must run as the same user. The error is ErrSettings or one of package io/fs.
func Configure(dir string, s Settings) ([]string, error) {
	text, err := s.Render()
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, settingsFile)
	if err := replaceFile(path, text); err != nil {
		return nil, fmt.Errorf("write module settings: %w", err)
	}
	return []string{path}, nil
}

// replaceFile never leaves a part of the content under the name.
func replaceFile(path string, content []byte) (err error) {
	tmp, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	if _, err := tmp.Write(content); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Sync(); err != nil {
		tmp.Close()
		return err
	}
	if err := tmp.Close(); err != nil {
		return err
	}
	return os.Rename(tmp.Name(), path)
}
