package trust

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"path"
)

const uninstallFlag = " --uninstall"

// Plan is a change of a store that nobody has made yet.
type Plan struct {
	Store   string   // the systems that have such a store
	Path    string   // of the certificate in the store
	Content []byte   // of the certificate; nil to remove it
	Command []string // to be run afterwards
	Sudo    string   // command line that makes the change as root
	Undo    string   // command line that takes it back
	Notes   []string // what the change does not reach, and what to do there
}

// Install plans to add a CA. caPEM must be one certificate of an authority; command
// is the command line that the user would type for it ("aikagi trust --data-dir
// DIR"), for what the plan says about doing it as root and undoing it.
func (s Store) Install(caPEM []byte, command string) (Plan, error) {
	target, err := s.target(caPEM)
	if err != nil {
		return Plan{}, fmt.Errorf("plan installation: %w", err)
	}
	return Plan{
		Store: s.Name, Path: target, Content: caPEM, Command: s.refresh,
		Sudo: "sudo " + command, Undo: "sudo " + command + uninstallFlag, Notes: notes(),
	}, nil
}

// Uninstall plans to take a CA out again. command is the one of [Store.Install].
func (s Store) Uninstall(caPEM []byte, command string) (Plan, error) {
	target, err := s.target(caPEM)
	if err != nil {
		return Plan{}, fmt.Errorf("plan removal: %w", err)
	}
	return Plan{
		Store: s.Name, Path: target, Command: s.forget,
		Sudo: "sudo " + command + uninstallFlag, Undo: "sudo " + command,
	}, nil
}

// target has the certificate's fingerprint in it: the CAs of two data directories
// are two files.
func (s Store) target(caPEM []byte) (string, error) {
	block, rest := pem.Decode(caPEM)
	if block == nil || block.Type != "CERTIFICATE" {
		return "", errors.New("no certificate in PEM form")
	}
	if next, _ := pem.Decode(rest); next != nil {
		return "", errors.New("more than one certificate")
	}
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return "", fmt.Errorf("parse certificate: %w", err)
	}
	if !certificate.IsCA {
		return "", errors.New("not a certificate of an authority")
	}
	sum := sha256.Sum256(certificate.Raw)
	return path.Join("/", s.dir, "aikagi-"+hex.EncodeToString(sum[:4])+s.extension), nil
}

// notes name the clients that bring a store of their own.
func notes() []string {
	return []string{
		"Firefox and Chromium keep a store of their own: import the file in their certificate settings.",
		"Java programs read their JDK's cacerts, which only some systems fill from this store: keytool -importcert -cacerts -file FILE.",
		"The AWS CLI and boto3 bring their own bundle: set AWS_CA_BUNDLE=FILE.",
		"Python's requests does, too: set REQUESTS_CA_BUNDLE=FILE. Node does before version 24: set NODE_EXTRA_CA_CERTS=FILE.",
		"Programs that are running read the store when they start: start them again.",
	}
}
