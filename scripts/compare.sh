#!/usr/bin/env bash
# Runs the benchmarks of two commits in turn, and writes what each measured, side by side, to
# bench/results/DATE-BEFORE-AFTER.md, with all results below the folder of the same name:
#
#   scripts/compare.sh BEFORE AFTER [TURNS [BENCHMARKS [ENGINE]]]
#
# TURNS is 3 unless said otherwise; BENCHMARKS are those of `go run ./bench -only`; without ENGINE it is every one that is
# installed. What a page of the day has about the same commits already stays, if it is of other benchmarks. Nothing else should run.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
before=$(git rev-parse --short "$1") after=$(git rev-parse --short "$2")
turns=${3:-3} only=${4:-throughput,connect,usage,rotate,create,planned,failover} engine=${5:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
into=bench/results/$(date -u +%F)-$before-$after
mkdir -p "$into"

for commit in "$before" "$after"; do
  git clone --quiet --no-hardlinks . "$work/$commit"
  git -C "$work/$commit" checkout --quiet --detach "$commit"
  (cd "$work/$commit" && scripts/setup.sh test)
done
for ((turn = 1; turn <= turns; turn++)); do
  for arm in before after; do
    commit=${!arm} results=$PWD/$into/$arm/$turn
    echo "compare: turn $turn of $turns, $commit"
    (cd "$work/$commit" && go run ./bench -only "$only" -engine "$engine" -results "$results")
    rm -f "$results/latest.md"
  done
done
{
  printf '# Benchmarks of %s and %s\n\nThe two took turns, %d each: `scripts/compare.sh`. The raw results are beside this page.\n\n' "$before" "$after" "$turns"
  go run ./bench -compare "$into/before,$into/after"
} >"$into.md"
cat "$into.md"
