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
status=0
# The outer limit is for all packages together, the inner one shows where one hangs.
timeout --foreground --kill-after=30s 15m go test -timeout 10m "$@" ./... || status=$?
((status != 124)) || echo 'test: ended after 15 minutes' >&2
if ((status == 0)); then scripts/web.sh test || status=$?; fi
echo "test: ran with engines: ${AIKAGI_TEST_ENGINES:-none}" >&2
exit "$status"
