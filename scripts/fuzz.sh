#!/usr/bin/env bash
# Runs every fuzz target for a moment: scripts/fuzz.sh [time for each, default 10s]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

mapfile -t targets < <(grep -rhoE --include='*_test.go' --with-filename '^func Fuzz[A-Za-z0-9_]*' . | sed 's/:func /:/' | sort)
((${#targets[@]} > 0)) || { echo 'fuzz: there are no fuzz targets' >&2; exit 1; }
for target in "${targets[@]}"; do
  echo "fuzz: ${target##*:} in $(dirname "${target%%:*}")"
  go test -run '^$' -fuzz "^${target##*:}\$" -fuzztime "${1:-10s}" "$(dirname "${target%%:*}")"
done
