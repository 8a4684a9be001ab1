#!/usr/bin/env bash
# Makes a Docker engine answer on /var/run/docker.sock: uses the one that runs, else starts the installed one, else
# installs Debian's. Needs root for anything but the first.
set -euo pipefail

answers() { [ -S /var/run/docker.sock ] && docker version >/dev/null 2>&1; }

if answers; then
  echo 'a Docker engine answers already'
  exit 0
fi

# One starter at a time: a second dockerd would take the first one's networks down.
exec 9>/tmp/goose-mesh-start-docker.lock
flock 9
if answers; then exit 0; fi

if ! command -v dockerd >/dev/null || ! command -v iptables >/dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  # Without an init system the package's own attempt to start the service would fail the installation.
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod +x /usr/sbin/policy-rc.d
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends docker.io iptables ca-certificates >/dev/null
fi

# A pid file of a dockerd that is gone keeps a new one from starting.
if [ -f /var/run/docker.pid ] && ! kill -0 "$(cat /var/run/docker.pid)" 2>/dev/null; then
  rm -f /var/run/docker.pid
fi

setsid nohup dockerd >/tmp/dockerd.log 2>&1 9>&- </dev/null &
for _ in $(seq 1 120); do
  if answers; then
    docker version --format 'Docker engine {{.Server.Version}}'
    exit 0
  fi
  sleep 0.5
done
echo 'dockerd did not start; its last words:' >&2
tail -30 /tmp/dockerd.log >&2
exit 1
