#!/bin/sh
# After the files came, of deb and rpm. The service is neither enabled nor started: it makes keys and opens a port, which
# is for the administrator to decide. One that runs takes up the new program; the engines go on running meanwhile.
set -e

case "$1" in
abort-*) exit 0 ;;
esac

if ! getent passwd aikagi >/dev/null; then
  useradd --system --user-group --home-dir /var/lib/aikagi --no-create-home --shell /usr/sbin/nologin aikagi
fi
# Not if it is there: it may be a mount, or its owner may have been changed on purpose.
[ -e /var/lib/aikagi ] || install -d -m 0700 -o aikagi -g aikagi /var/lib/aikagi

if [ -d /run/systemd/system ]; then
  systemctl daemon-reload || true
  systemctl try-restart aikagi.service || true
fi

# dpkg names the version that was configured before, rpm how many there are now.
if [ "$1" = configure ] && [ -z "$2" ] || [ "$1" = 1 ]; then
  echo 'aikagi is installed and not started. To start it, now and at each boot: systemctl enable --now aikagi'
fi
