#!/usr/bin/env bash
# The console's front end.
#
#   scripts/web.sh build    into web/dist, if anything changed since the last build
#   scripts/web.sh check    types, format, lint
#   scripts/web.sh test     unit and component tests, then the end-to-end tests in Chromium
#   scripts/web.sh e2e      the end-to-end tests only; further arguments are for vitest
#   scripts/web.sh many     the test of many groups, with a thousand, or AIKAGI_GROUPS; it leaves other tests no processor
#   scripts/web.sh shots    make the screenshots of docs/console/ anew
#
# Needs Node 20.19 or newer with npm. "build" goes on without it: the program then says in
# the console's place how to get it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf 'web: %s\n' "$*" >&2; }

has_node() {
  command -v npm >/dev/null 2>&1 &&
    node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' 2>/dev/null
}

need_node() {
  has_node && return
  say 'the console needs Node 20.19 or newer with npm: https://nodejs.org/, or: brew install node | dnf install nodejs | apk add nodejs npm'
  return 1
}

# npm leaves a copy of the lock file in node_modules when it is done.
install() {
  local have=web/node_modules/.package-lock.json
  [[ -e "$have" && ! web/package-lock.json -nt "$have" ]] && return
  say 'installing the packages of the console'
  # Not "npm ci": it insists on the packages of other systems, which not every registry has.
  (cd web && npm install --no-save --no-audit --no-fund --loglevel=error >/dev/null)
  touch "$have"
}

is_built() {
  [[ -e web/dist/index.html ]] &&
    [[ -z "$(find web/src web/public web/index.html web/package-lock.json web/vite.*.ts -newer web/dist/index.html -print -quit)" ]]
}

build() {
  is_built && return
  need_node || { say 'NOTE: going on without the console'; return 0; }
  install
  say 'building the console'
  (cd web && npm run --silent build -- --logLevel warn)
}

# The program that the end-to-end tests drive, with the console of this checkout in it.
program() {
  need_node && install
  build
  go build -o .tools/e2e/aikagi ./cmd/aikagi
  .tools/e2e/aikagi module build >/dev/null
  export AIKAGI_PROGRAM="$PWD/.tools/e2e/aikagi"
}

# A browser gives up what it is loading when the network of the machine changes (ERR_NETWORK_CHANGED), and tests in Go, which go
# on meanwhile, change it. So the tests in the browser have a network of their own, where that can be had.
apart() {
  if unshare --net ip link set lo up 2>/dev/null; then
    unshare --net -- sh -c 'ip link set lo up && exec "$@"' - "$@"
  else
    say 'NOTE: the browser shares the network of this machine, for there is no root, or no ip'
    "$@"
  fi
}

case "${1:-}" in
build) build ;;
check)
  need_node && install
  (cd web && npm run --silent check)
  ;;
test)
  need_node && install
  program
  # Each of them runs, whatever became of the one before.
  status=0
  (cd web && npm run --silent test) || { say 'FAILED: test'; status=1; }
  (cd web && apart npm run --silent e2e) || { say 'FAILED: e2e'; status=1; }
  exit "$status"
  ;;
e2e)
  program
  shift
  (cd web && apart npm run --silent e2e -- "$@")
  ;;
many)
  program
  (cd web && AIKAGI_GROUPS="${AIKAGI_GROUPS:-1000}" apart npm run --silent e2e:many)
  ;;
shots)
  program
  (cd web && AIKAGI_SHOTS="$PWD/../docs/console" apart npm run --silent e2e -- shots)
  ;;
*) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac
