#!/usr/bin/env bash
# Format, vet, golangci-lint, the console's types and lint, tests with -race, known vulnerabilities. Makes all of
# them, whatever the outcome of one, and names at the end those that failed.
#
# The tools come through the Go module proxy at the versions below. golangci-lint
# takes about two minutes to build the first time.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit

readonly golangci_lint=github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
readonly govulncheck=golang.org/x/vuln/cmd/govulncheck@v1.9.0

format() {
  local files
  files=$(gofmt -l . 2>&1)
  [[ -z "$files" ]] || { printf '%s\n' "$files" 'run: gofmt -w .'; return 1; }
}

# A closed network is not a vulnerability: without the database this step says so
# and does not fail. Set AIKAGI_REQUIRE_GOVULNCHECK=1 where it must not be left out.
vulnerabilities() {
  local output status=0
  output=$(go run "$govulncheck" ./... 2>&1) || status=$?
  printf '%s\n' "$output"
  ((status != 0)) || return 0
  # 3 is its answer for "found some"; everything else is that it could not look.
  if ((status != 3)) && ! grep -q '^exit status 3$' <<<"$output" &&
    grep -qE 'vuln\.go\.dev|fetching vulnerabilities|GOVULNDB' <<<"$output"; then
    echo 'check: NOTE: could not reach the vulnerability database; known vulnerabilities were NOT looked for'
    [[ -z "${AIKAGI_REQUIRE_GOVULNCHECK:-}" ]]
    return
  fi
  return "$status"
}

# A Go module of its own. Its tests that need what it builds are make image-test and make packages-test.
in_deploy() { (cd deploy && "$@"); }

failed=()
step() {
  local name=$1
  shift
  echo "check: $name"
  "$@" || failed+=("$name")
}

step format format
step vet go vet ./...
step golangci-lint go run "$golangci_lint" run ./...
step 'vet of deploy' in_deploy go vet ./...
step 'golangci-lint of deploy' in_deploy go run "$golangci_lint" run ./...
step 'tests of deploy' in_deploy go test ./...
step console scripts/web.sh check
step 'tests with -race' scripts/test.sh -race -vet=off # which "vet" has done
step govulncheck vulnerabilities

if ((${#failed[@]} > 0)); then
  printf 'check: FAILED: %s\n' "${failed[@]}" >&2
  exit 1
fi
echo 'check: all good'
