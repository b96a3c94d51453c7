#!/bin/sh
# Before the files go, of deb and rpm: "remove", or 0 versions that are left. Not before an upgrade.
set -e

case "$1" in
remove | 0) ;;
*) exit 0 ;;
esac

if [ -d /run/systemd/system ]; then
  systemctl disable --now aikagi.service || true
fi

# The engines outlive the service, and nobody would look after them any more: they save their data and stop. One that cannot save
# goes on running, and the package stays with it.
data=/var/lib/aikagi/data
if [ -d "$data" ]; then
  cd /
  owner=$(stat -c %U "$data")
  if [ "$owner" = root ]; then
    /usr/bin/aikagi down --data-dir "$data"
  else
    runuser -u "$owner" -- /usr/bin/aikagi down --data-dir "$data"
  fi
fi
