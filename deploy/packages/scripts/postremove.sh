#!/bin/sh
# After the files went, of deb and rpm. Only dpkg knows "purge", and only that removes data, keys and tokens, and the user who owned them.
set -e

if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
fi

if [ "$1" = purge ]; then
  # It may be a mount, which stays.
  [ ! -d /var/lib/aikagi ] || find /var/lib/aikagi -mindepth 1 -delete
  rmdir /var/lib/aikagi 2>/dev/null || true
  ! getent passwd aikagi >/dev/null || userdel aikagi
fi
