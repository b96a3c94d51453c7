package harness

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
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
	t      *testing.T
	s      *Server
	dir    string
	path   string // of the program
	attach string // where its provider answers
}

// TerraformProgram is what of Terraform is on this machine.
type TerraformProgram struct{ path, provider string }

// FindTerraform looks for it. The error says why Terraform cannot be tried here.
func FindTerraform() (p TerraformProgram, err error) {
	if p.path, err = exec.LookPath("terraform"); err == nil {
		p.provider, err = findProvider()
	}
	return p, err
}

// Begin prepares a directory for configurations.
func (p TerraformProgram) Begin(t *testing.T, s *Server) *Terraform {
	t.Helper()
	attach, err := startProvider(t, s, p.provider)
	if err != nil {
		t.Fatal(err)
	}
	f := &Terraform{t: t, s: s, dir: t.TempDir(), path: p.path, attach: attach}
	f.Write("provider.tf", f.provider())
	if out, err := f.Run("init"); err != nil {
		t.Fatalf("terraform init: %v\n%s", err, out)
	}
	return f
}

// findProvider returns the program of the AWS provider.
func findProvider() (string, error) {
	for _, place := range pluginPlaces {
		place = os.ExpandEnv(place)
		if place == "" {
			continue
		}
		found, err := filepath.Glob(filepath.Join(place, "registry.terraform.io", "hashicorp", "aws", "*", runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-aws_v*"))
		if err == nil && len(found) > 0 {
			return found[len(found)-1], nil
		}
	}
	return "", errors.New("no folder with the AWS provider, unpacked, was found; AIKAGI_TEST_TERRAFORM_PLUGINS names one that has registry.terraform.io in it")
}

// startProvider starts the provider for all commands of a test. Terraform would start it several times in each, which
// takes four seconds of processor time every time.
//
// Source: Terraform plugin framework documentation, "Debugging", "Starting A Provider In Debug Mode".
func startProvider(t *testing.T, s *Server, program string) (attach string, err error) {
	c := exec.Command(program, "-debug")
	// No CA: a provider that is configured for the second time cannot take one ("has no WithTransportOptions"). The server
	// of these tests answers over HTTP.
	c.Env = append(s.AWSEnv(), "AWS_CA_BUNDLE=")
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	said, err := c.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := c.Start(); err != nil {
		return "", err
	}
	t.Cleanup(func() {
		_ = c.Process.Kill()
		_ = c.Wait()
	})
	for lines := bufio.NewScanner(said); lines.Scan(); {
		if _, value, ok := strings.Cut(lines.Text(), "TF_REATTACH_PROVIDERS='"); ok {
			return strings.TrimSuffix(value, "'"), nil
		}
	}
	return "", fmt.Errorf("%s did not say where it answers", program)
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
	c.Env = append(f.s.AWSEnv(), "TF_IN_AUTOMATION=1", "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE="+os.DevNull, "TF_REATTACH_PROVIDERS="+f.attach)
	out, err := c.CombinedOutput()
	return string(out), err
}

// Apply makes the configuration come true, which takes so many resources to be added, changed and destroyed.
func (f *Terraform) Apply(added, changed, destroyed int) {
	f.t.Helper()
	out, err := f.Run("apply", "-auto-approve")
	if err != nil {
		f.t.Fatalf("terraform apply: %v\n%s", err, out)
	}
	if plan := fmt.Sprintf("Plan: %d to add, %d to change, %d to destroy.", added, changed, destroyed); !strings.Contains(out, plan) {
		f.t.Errorf("terraform apply does not say %q:\n%s", plan, out)
	}
}

// WantDone checks that there is nothing left to do.
func (f *Terraform) WantDone() {
	f.t.Helper()
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
