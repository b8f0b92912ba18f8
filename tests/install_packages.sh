#!/usr/bin/env bash
# Installs Debian packages when it may (as root, or with sudo that asks for no password); fails otherwise.
set -euo pipefail

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || exit 1
    as_root=(sudo -n)
fi
command -v apt-get >/dev/null || exit 1

echo "Installing $*" >&2
"${as_root[@]}" apt-get update -qq </dev/null >&2
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends -o DPkg::Lock::Timeout=500 "$@" </dev/null >&2
