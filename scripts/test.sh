#!/usr/bin/env bash
# Runs all tests with every engine that is installed, then those of the console, and fails too if one of them
# left a process behind:
# scripts/test.sh [go test flags]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/.tools/aws/bin:$PATH"
# What stands for the AWS CLI where pyenv is installed takes half as much time again as the CLI itself.
real=$(pyenv which aws 2>/dev/null) && PATH="${real%/*}:$PATH"

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

# What is started during this run, beside another one too, is known by these: control planes inherit the first. Engines
# write their title over their environment, but work below the second, or in this checkout.
AIKAGI_TEST_RUN=$$-$RANDOM-$EPOCHSECONDS
TMPDIR=$(mktemp -d "${TMPDIR:-/tmp}/run-XXXXXX")
export AIKAGI_TEST_RUN TMPDIR
chmod 755 "$TMPDIR" # nodes are other users

scripts/web.sh build # it is part of the program that is tested

# Everything runs, whatever fails, so that one run shows all that is wrong.
failed=()
log=$TMPDIR/log
trap 'rm -rf "$TMPDIR"' EXIT
part() {
  local name=$1 status=0
  shift
  "$@" 2>&1 | tee -a "$log" || status=$?
  ((status != 124)) || echo "test: $name: ended after its time limit" >&2
  ((status == 0)) || failed+=("$name")
}

# The engines and control planes of this run, or of others in this checkout, a line for each. What has ended, though
# nobody has asked how, has neither an environment nor a directory.
running() {
  local process name
  for process in /proc/[0-9]*; do
    { read -r name <"$process/comm"; } 2>/dev/null || continue
    [[ "$name" == redis-server || "$name" == valkey-server || "$name" == aikagi ]] || continue
    case "$name in $(readlink "$process/cwd" 2>/dev/null)/" in
    *" in $TMPDIR"/* | *"-server in $PWD"/*) ;;
    *) { tr '\0' '\n' <"$process/environ" | grep -qxF "AIKAGI_TEST_RUN=$AIKAGI_TEST_RUN"; } 2>/dev/null || continue ;;
    esac
    echo "${process#/proc/} $name in $(readlink "$process/cwd" 2>/dev/null)"
  done
}

# What was ended last may take a moment to be gone.
nothing_left() {
  local left deadline=$((SECONDS + 10))
  while left=$(running | grep -vxF "$before"); do
    ((SECONDS < deadline)) || { sed 's/^/test: left running: /' <<<"$left"; return 1; }
    sleep 0.2
  done
}
before=$(running) # a server that somebody runs here

# The outer limit is for all packages together, the inner one shows where one hangs. A quiet machine needs a
# fifth of them; a busy one may take its time.
# Tests wait for what others do more than they compute: two for each core keep it busy, with those of the console, which
# wait for a browser, beside them. What these print comes when they are over.
set -m # a process group of its own, which can be ended as a whole
scripts/web.sh test </dev/null >"$TMPDIR/console" 2>&1 &
console=$!
set +m
trap 'kill -- "-$console" 2>/dev/null || true; rm -rf "$TMPDIR"' EXIT
part 'Go' timeout --foreground --kill-after=30s 60m go test -timeout 50m -parallel $((2 * $(nproc))) "$@" ./...
ended=0
wait "$console" || ended=$?
trap 'rm -rf "$TMPDIR"' EXIT
printed() { cat "$TMPDIR/console" && return "$ended"; } # not status: part has one of its own
part 'console' printed
AIKAGI_GROUPS=${AIKAGI_GROUPS:-301} part 'console with many groups' scripts/web.sh many
part 'processes left behind' nothing_left

echo "test: ran with engines: ${AIKAGI_TEST_ENGINES:-none}" >&2
if ((${#failed[@]} > 0)); then
  # Once more at the end: who sees only the last lines of a long output is to know what failed, and why.
  sed 's/\x1b\[[0-9;]*m//g' "$log" | grep -E -A 16 '^ *--- FAIL|^ *FAIL |WARNING: DATA RACE|^panic:' | cut -c 1-240 | tail -n 120 >&2 || true
  printf 'test: FAILED: %s\n' "${failed[@]}" >&2
  exit 1
fi
