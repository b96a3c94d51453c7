#!/usr/bin/env bash
# Runs all tests of the commit that is checked out again and again on a machine that is busy with them, and
# adds a line for each run to integration/chaos/results/tests.md:
#
#   scripts/loaded.sh [RUNS [TOGETHER [BUSY]]]
#
# TOGETHER runs go on at any time (default 3), each in a clone of its own, beside BUSY endless loops (default 0);
# together they are the load. The line says how high it was. On two cores two beside each other take half an
# hour; nothing else should run. Exits 1 if one run failed.
set -euo pipefail
set -m # each lane is a process group, which can be ended as a whole
cd "$(dirname "${BASH_SOURCE[0]}")/.."
runs=${1:-10} together=${2:-3} busy=${3:-0}
results=integration/chaos/results/tests.md
commit=$(git rev-parse --short HEAD)
work=$(mktemp -d)
touch "$work/next" "$work/failed"
export GOFLAGS="${GOFLAGS:-} -count=1" # what passed before is to run again

others=()
stop() {
  local group
  for group in "${others[@]}"; do kill -- "-$group" 2>/dev/null || true; done
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 1' INT TERM

(while sleep 5; do echo "$EPOCHSECONDS $(cut -d ' ' -f 1 /proc/loadavg)"; done >"$work/load") &
others+=($!)
for ((i = 0; i < busy; i++)); do
  (while :; do :; done) &
  others+=($!)
done

# A number that no other lane has, or nothing when all are taken.
take() {
  flock 9
  local n=$(($(wc -l <"$work/next") + 1))
  ((n <= runs)) || return 1
  echo "$n" | tee -a "$work/next"
} 9>"$work/lock"

# mean, lowest and highest load between two times
load() {
  awk -v from="$1" -v to="$2" '$1 >= from && $1 <= to { n++; sum += $2; if (n == 1 || $2 < low) low = $2; if ($2 > high) high = $2 }
    END { if (n) printf "%.1f (%.1f to %.1f)", sum / n, low, high; else print "-" }' "$work/load"
}

lane() {
  local clone=$work/lane-$1 n started status verdict
  git clone --quiet --no-hardlinks . "$clone"
  git -C "$clone" checkout --quiet --detach "$commit"
  (flock 9 && cd "$clone" && scripts/setup.sh test) 9>"$work/setup" # apt serves one at a time
  while n=$(take); do
    started=$EPOCHSECONDS status=0
    (cd "$clone" && make --no-print-directory test) >"$work/$n.log" 2>&1 || status=$?
    verdict=passed
    if ((status != 0)); then
      verdict="FAILED: $(sed 's/\x1b\[[0-9;]*m//g' "$work/$n.log" | grep -hE '^ *--- FAIL|^ *FAIL[[:space:]]|FAILED' | sort -u | tr '\n|' ' ,' | cut -c 1-400)"
      echo "$n" >>"$work/failed"
      cp "$work/$n.log" "${TMPDIR:-/tmp}/aikagi-loaded-$commit-$n.log"
    fi
    printf '| %s | %s | %s | %d min %02d s | %s | %s |\n' "$(date -u -d "@$started" '+%F %H:%M')" "$commit" \
      "$together beside each other, $busy loops" $(((EPOCHSECONDS - started) / 60)) $(((EPOCHSECONDS - started) % 60)) \
      "$(load "$started" "$EPOCHSECONDS")" "$verdict" | tee -a "$results"
  done
}

if [[ ! -e "$results" ]]; then
  cat >"$results" <<END
# All tests on a busy machine

Each line is one \`make test\`, none of it cached, written by \`scripts/loaded.sh\`. The load is that of the machine,
mean (lowest to highest), with what the run itself made; the machine has $(nproc) cores.

| Started (UTC) | Commit | Beside it | Took | Load | Verdict |
|---|---|---|---|---|---|
END
fi
lanes=()
for ((i = 1; i <= together; i++)); do
  lane "$i" &
  lanes+=($!) others+=($!)
done
status=0
for pid in "${lanes[@]}"; do wait "$pid" || status=1; done
[[ ! -s "$work/failed" ]] || status=1
exit "$status"
