# shellcheck shell=bash
# Installing Debian packages without letting their services start; sourced by setup.sh.

readonly policy=/usr/sbin/policy-rc.d
readonly policy_saved=/usr/sbin/policy-rc.d.before-aikagi
readonly policy_mark='# aikagi setup, temporary:'
readonly extra_source=/etc/apt/sources.list.d/aikagi-temporary.list
services=() # installed by us and not yet turned off

can_be_root() { ((EUID == 0)) || have sudo; }
as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

# From here on, whatever way the script ends, the machine's own files come back.
apt_begin() {
  trap apt_end EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM HUP
}

# What a run that was killed (kill -9, power cut) could not put back.
apt_recover() {
  grep -qsF "$policy_mark" "$policy" || [[ -e "$policy_saved" || -e "$extra_source" ]] || return 0
  can_be_root || return 0
  say 'an earlier run was killed: putting back what it left'
  # The policy file names the services that were being installed.
  read -r -a services < <(sed -n "s/^$policy_mark//p" "$policy" 2>/dev/null) || true
  apt_end
}

apt_end() {
  keep_off
  if [[ -e "$policy" ]] && grep -qsF "$policy_mark" "$policy"; then as_root rm -f "$policy"; fi
  if [[ -e "$policy_saved" ]]; then as_root mv -f "$policy_saved" "$policy"; fi
  if [[ -e "$extra_source" ]]; then as_root rm -f "$extra_source"; fi
}

has_candidate() {
  local candidate
  candidate=$(LC_ALL=C apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p')
  [[ -n "$candidate" && "$candidate" != '(none)' ]]
}

# Keeps the output for the case that it fails.
quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  ((status == 0)) || cat "$log" >&2
  rm -f "$log"
  return "$status"
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q -y -o DPkg::Lock::Timeout=120 "$@"; }

apt_update() {
  say 'asking the package repositories what there is'
  quietly apt update || say 'that failed; going on with what was known before'
}

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q ' installed$'; }

# apt_install [-t SUITE] PACKAGE...
apt_install() {
  local package
  for package; do
    [[ "$package" != *-server ]] || installed "$package" || services+=("$package")
  done
  say "installing ${*/#-t/from}"
  ((${#services[@]} == 0)) || deny_start "${services[@]}"
  quietly apt install --no-install-recommends "$@"
  keep_off
}

# Package scripts ask policy-rc.d before they start a service. Ours says no for the
# given ones and leaves the rest to the one that was there.
deny_start() {
  local pattern
  pattern=$(printf '%s|' "$@" "${@/%/.service}")
  if [[ -e "$policy" ]]; then
    grep -qsF "$policy_mark" "$policy" || as_root mv "$policy" "$policy_saved"
  fi
  as_root tee "$policy" >/dev/null <<EOF
#!/bin/sh
$policy_mark $*
for word; do
  case "\$word" in ${pattern%|}) exit 101 ;; esac
done
[ ! -x $policy_saved ] || exec $policy_saved "\$@"
exit 0
EOF
  as_root chmod 755 "$policy"
}

# Installing a package also enables its service for the next boot. Called on the way
# out, too, for an installation that was interrupted.
keep_off() {
  local name
  for name in "${services[@]}"; do
    installed "$name" || continue
    if turn_off "$name"; then
      say "$name is installed; its own service is off"
    else
      say "NOTE: the service of $name could not be turned off: systemctl disable --now $name"
    fi
  done
  services=()
}

turn_off() {
  if [[ -d /run/systemd/system ]]; then
    quietly as_root systemctl disable --now "$1.service" || return 1
  elif have deb-systemd-helper; then
    # It wants to be called by a package's script, and looks for this variable.
    quietly as_root env DPKG_MAINTSCRIPT_PACKAGE="$1" deb-systemd-helper disable "$1.service" || return 1
  fi
  [[ ! -e "/etc/init.d/$1" ]] || ! have update-rc.d || quietly as_root update-rc.d "$1" disable
}

# Debian 12 has Valkey in its backports suite only. The suite is taken from the
# mirror that is configured, and is gone from the configuration afterwards.
install_valkey_from_backports() {
  local codename mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  codename=$(. /etc/os-release && echo "${ID:-}-${VERSION_CODENAME:-}")
  [[ "$codename" == debian-bookworm ]] || return 1
  # shellcheck disable=SC2016 # apt's own variables
  mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' | awk '$2 == "bookworm" { print $1; exit }')
  [[ -n "$mirror" && -e "$keyring" ]] || return 1
  say "adding bookworm-backports of $mirror for a moment"
  echo "deb [signed-by=$keyring] $mirror bookworm-backports main" | as_root tee "$extra_source" >/dev/null
  apt_update
  has_candidate valkey-server && apt_install -t bookworm-backports valkey-server valkey-tools
}
