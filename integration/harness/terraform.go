package harness

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// pluginPlaces are where providers of Terraform lie on machines that do not download them.
//
// Source: Terraform CLI documentation, "Implied Local Mirror Directories"; and what is usual below /opt.
var pluginPlaces = []string{
	"$AIKAGI_TEST_TERRAFORM_PLUGINS", "$HOME/.terraform.d/plugins", "/usr/local/share/terraform/plugins", "/usr/share/terraform/plugins", "/opt/*",
}

// Terraform is a configuration in a directory of its own, with the AWS provider directed to a server.
type Terraform struct {
	t    *testing.T
	s    *Server
	dir  string
	path string // of the program
}

// NewTerraform prepares a directory for configurations. The error says why Terraform cannot be tried on this machine.
func NewTerraform(t *testing.T, s *Server) (*Terraform, error) {
	path, err := exec.LookPath("terraform")
	if err != nil {
		return nil, err
	}
	for _, place := range pluginPlaces {
		found, err := filepath.Glob(filepath.Join(os.ExpandEnv(place), "registry.terraform.io", "hashicorp", "aws", "*"))
		if err != nil || len(found) == 0 || os.ExpandEnv(place) == "" {
			continue
		}
		f := &Terraform{t: t, s: s, dir: t.TempDir(), path: path}
		f.Write("provider.tf", f.provider())
		plugins := filepath.Join(found[0], "..", "..", "..", "..")
		if out, err := f.Run("init", "-plugin-dir="+plugins); err != nil {
			return nil, fmt.Errorf("terraform init: %w\n%s", err, out)
		}
		return f, nil
	}
	return nil, errors.New("no folder with the AWS provider was found; AIKAGI_TEST_TERRAFORM_PLUGINS names one that has registry.terraform.io in it")
}

func (f *Terraform) provider() string {
	return fmt.Sprintf(`
terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
provider "aws" {
  region                      = "us-east-1"
  skip_metadata_api_check     = true
  skip_region_validation      = true
  endpoints {
    elasticache = %[1]q
    sts         = %[1]q
  }
}
`, f.s.URL)
}

// Write puts a file of the configuration in its place.
func (f *Terraform) Write(name, content string) {
	f.t.Helper()
	if err := os.WriteFile(filepath.Join(f.dir, name), []byte(content), 0o600); err != nil {
		f.t.Fatal(err)
	}
}

// Run runs a command and returns what it says.
func (f *Terraform) Run(command string, args ...string) (string, error) {
	c := exec.CommandContext(f.t.Context(), f.path, append([]string{"-chdir=" + f.dir, command, "-no-color", "-input=false"}, args...)...)
	c.Env = append(f.s.AWSEnv(), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull)
	out, err := c.CombinedOutput()
	return string(out), err
}

// Apply makes the configuration come true, and checks that there is nothing left to do then.
func (f *Terraform) Apply() {
	f.t.Helper()
	if out, err := f.Run("apply", "-auto-approve"); err != nil {
		f.t.Fatalf("terraform apply: %v\n%s", err, out)
	}
	if out, err := f.Run("plan", "-detailed-exitcode"); err != nil { // 2: there are changes
		f.t.Errorf("terraform plan after apply: %v\n%s", err, out)
	}
}

// Destroy removes all that the configuration made.
func (f *Terraform) Destroy() {
	f.t.Helper()
	if out, err := f.Run("destroy", "-auto-approve"); err != nil {
		f.t.Fatalf("terraform destroy: %v\n%s", err, out)
	}
}
