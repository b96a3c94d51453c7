#!/usr/bin/env bash
# Installs what is missing on this machine, and nothing else.
#
#   scripts/setup.sh run     an engine, a C compiler for the engine module, redis-cli
#   scripts/setup.sh test    both engines, redis-cli, a C compiler, an AWS CLI, redis-py,
#                            Chromium, a font with Japanese characters
#   scripts/setup.sh image   C compilers for amd64 and arm64
#   scripts/setup.sh image-test | packages-test
#                            besides, what runs an image; what unpacks packages
#
# Quiet when nothing is missing. Needs root or sudo only to install. An engine that
# it installs is neither started nor enabled as a service; services that were there
# before are not touched.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/apt.sh
source scripts/apt.sh

say() { printf 'setup: %s\n' "$*" >&2; }
have() { command -v "$1" >/dev/null 2>&1; }

# Debian may install valkey-server under redis-server's name: ask the program.
has_engine() { have "$1-server" && [[ "$("$1-server" --version 2>/dev/null)" == "${1^} server"* ]]; }
has_compiler() { echo '#include <stdlib.h>' | "${CC:-cc}" -E -x c - >/dev/null 2>&1; }
has_redis_py() { /usr/bin/python3 -c 'import redis' >/dev/null 2>&1; }
has_aws() { PATH="$PWD/.tools/aws/bin:$PATH" aws --version >/dev/null 2>&1; }

has_chromium() { have chromium-headless-shell || have chromium || have chromium-browser || have google-chrome || [[ -n "${AIKAGI_CHROMIUM:-}" ]]; }
# Without one, everything Japanese is drawn as empty boxes.
has_japanese_font() { [[ -n "$(fc-list :lang=ja family 2>/dev/null | head -n 1)" ]]; }

check_go() {
  local minor
  if ! have go; then
    say 'Go is missing. Get 1.26 or newer from https://go.dev/dl/, or with: brew install go, sudo dnf install golang, sudo apk add go'
    return 1
  fi
  minor=$(go env GOVERSION | sed -n 's/^go1\.\([0-9]*\).*/\1/p')
  # From 1.21 on, go fetches the toolchain that go.mod names by itself.
  if [[ -n "$minor" ]] && ((minor < 21)); then
    say "Go is too old ($(go env GOVERSION)). Get 1.26 or newer from https://go.dev/dl/"
    return 1
  fi
}

# Fills the array packages with what apt has to install.
collect() {
  packages=()
  has_compiler || packages+=(gcc libc6-dev)
  have redis-cli || packages+=(redis-tools)
  if [[ "$1" == run ]]; then
    has_engine valkey || has_engine redis || packages+=("$(preferred_engine)")
    return
  fi
  has_engine redis || packages+=(redis-server)
  if ! has_engine valkey && has_candidate valkey-server; then
    packages+=(valkey-server valkey-tools)
  fi
  has_aws || ! has_candidate awscli || packages+=(awscli)
  has_redis_py || ! has_candidate python3-redis || packages+=(python3-redis)
  have mkfs.ext4 || ! has_candidate e2fsprogs || packages+=(e2fsprogs)
  # Without windows it is the same browser, for two thirds of the processor time.
  if ! has_chromium; then
    if has_candidate chromium-headless-shell; then packages+=(chromium-headless-shell); elif has_candidate chromium; then packages+=(chromium); fi
  fi
  has_japanese_font || ! has_candidate fonts-noto-cjk || packages+=(fontconfig fonts-noto-cjk)
}

preferred_engine() { if has_candidate valkey-server; then echo valkey-server; else echo redis-server; fi; }

complete() {
  has_compiler && have redis-cli || return 1
  if [[ "$1" == run ]]; then
    has_engine valkey || has_engine redis
  else
    has_engine valkey && has_engine redis && has_aws && has_redis_py && has_chromium && has_japanese_font
  fi
}

# Where nothing can be installed: name what is missing and how to get it.
explain() {
  has_engine valkey || has_engine redis ||
    say '  an engine:     apt-get install valkey-server (or redis-server) | brew install valkey | dnf install valkey | apk add valkey'
  has_compiler ||
    say '  a C compiler:  apt-get install gcc libc6-dev | xcode-select --install | dnf install gcc glibc-devel | apk add build-base'
  have redis-cli ||
    say '  redis-cli:     apt-get install redis-tools | brew install redis | dnf install redis | apk add redis'
  [[ "$1" == run ]] || has_aws ||
    say '  an AWS CLI:    apt-get install awscli | brew install awscli | dnf install awscli2 | apk add aws-cli'
  [[ "$1" == run ]] || has_chromium ||
    say '  Chromium:      apt-get install chromium-headless-shell | brew install --cask chromium | dnf install chromium | apk add chromium'
  [[ "$1" == run ]] || has_japanese_font ||
    say '  a Japanese font: apt-get install fonts-noto-cjk | dnf install google-noto-sans-cjk-fonts | apk add font-noto-cjk'
  [[ "$1" == run ]] || { has_engine valkey && has_engine redis; } ||
    say '  the tests want both engines: redis-server and valkey-server'
}

# Where no package has it (Ubuntu 24.04): in a place of its own.
install_aws_with_pip() {
  say 'no awscli package here: installing the AWS CLI from PyPI into .tools/aws'
  have python3 || { say 'python3 is missing'; return 1; }
  python3 -m venv .tools/aws 2>/dev/null || { apt_install python3-venv && python3 -m venv .tools/aws; }
  .tools/aws/bin/pip install --quiet --disable-pip-version-check awscli
}

# What images and packages are made and tested with: a program, and the packages that bring it.
tools_for() {
  echo 'x86_64-linux-gnu-gcc gcc-x86-64-linux-gnu libc6-dev-amd64-cross'
  echo 'aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu libc6-dev-arm64-cross'
  case "$1" in
  image-test) echo 'runc runc' ;;
  packages-test) printf '%s\n' 'mmdebstrap mmdebstrap' 'rpm rpm' ;;
  esac
}

# What cannot be installed is no failure here: whoever needs it says what it goes without.
install_tools() {
  local program packages missing=()
  while read -r program packages; do
    # shellcheck disable=SC2206 # words
    have "$program" || missing+=($packages)
  done < <(tools_for "$1")
  ((${#missing[@]} > 0)) || return 0
  if ! have apt-get || ! can_be_root; then
    say "NOTE: these cannot be installed from here (that takes apt-get, and root or sudo): ${missing[*]}"
    return
  fi
  apt_begin
  apt_update
  apt_install "${missing[@]}" || say "NOTE: not all of these could be installed: ${missing[*]}"
}

main() {
  local purpose=${1:-}
  case "$purpose" in
  run | test | image | image-test | packages-test) ;;
  *) sed -n '2,14s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
  esac
  check_go
  apt_recover
  if [[ "$purpose" != run && "$purpose" != test ]]; then
    install_tools "$purpose"
    return
  fi
  complete "$purpose" && return
  if ! have apt-get || ! can_be_root; then
    say 'nothing can be installed from here (that takes apt-get, and root or sudo); missing:'
    explain "$purpose"
    complete run || exit 1
    return # enough for the tests to run with what there is
  fi

  apt_begin
  apt_update
  collect "$purpose"
  ((${#packages[@]} == 0)) || apt_install "${packages[@]}"
  if [[ "$purpose" == test ]]; then
    has_engine valkey || install_valkey_from_backports ||
      say 'NOTE: valkey-server cannot be had here; only redis is tested'
    has_aws || install_aws_with_pip || say 'NOTE: no AWS CLI could be installed'
  fi
}

main "$@"
