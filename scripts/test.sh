#!/usr/bin/env bash
# Runs all tests with every engine that is installed, then those of the console:
# scripts/test.sh [go test flags]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/.tools/aws/bin:$PATH"

engines=()
for engine in redis valkey; do
  # The program is asked, as valkey-server may be installed under redis-server's name.
  if [[ "$("$engine-server" --version 2>/dev/null)" == "${engine^} server"* ]]; then
    engines+=("$engine")
  else
    echo "test: NOTE: there is no $engine-server; nothing is tested with $engine" >&2
  fi
done
# The tests fail, instead of leaving out, where an engine of this list is missing.
export AIKAGI_TEST_ENGINES="${engines[*]}"

scripts/web.sh build # it is part of the program that is tested

# Everything runs, whatever fails, so that one run shows all that is wrong.
failed=()
log=$(mktemp)
trap 'rm -f "$log"' EXIT
part() {
  local name=$1 status=0
  shift
  "$@" 2>&1 | tee -a "$log" || status=$?
  ((status != 124)) || echo "test: $name: ended after its time limit" >&2
  ((status == 0)) || failed+=("$name")
}

# The outer limit is for all packages together, the inner one shows where one hangs. A quiet machine needs a
# fifth of them; a busy one may take its time.
part 'Go' timeout --foreground --kill-after=30s 60m go test -timeout 50m "$@" ./...
part 'console' scripts/web.sh test

echo "test: ran with engines: ${AIKAGI_TEST_ENGINES:-none}" >&2
if ((${#failed[@]} > 0)); then
  # Once more at the end: who sees only the last lines of a long output is to know what failed, and why.
  sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E -A 2 '^ *--- FAIL|^ *FAIL |WARNING: DATA RACE|^panic:' | cut -c 1-240 | tail -n 60 >&2 || true
  printf 'test: FAILED: %s\n' "${failed[@]}" >&2
  exit 1
fi
