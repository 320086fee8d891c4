#!/usr/bin/env bash
# Installs what `npm run bench` compares us with, from the distribution's packages, and what it uses to count bytes.
set -euo pipefail

if ! command -v apt-get >/dev/null; then
  echo "This is not Debian or Ubuntu: install rsync, unison, syncthing and iproute2 by your own package manager." >&2
  exit 1
fi
sudo=$([ "$(id -u)" = 0 ] || echo sudo)
$sudo apt-get update -qq
DEBIAN_FRONTEND=noninteractive $sudo apt-get install --yes --no-install-recommends rsync unison syncthing iproute2 util-linux
# What was installed is to be compared, not to run by itself.
if command -v systemctl >/dev/null; then $sudo systemctl disable --now rsync 2>/dev/null || true; fi
