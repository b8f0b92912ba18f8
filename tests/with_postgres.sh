#!/usr/bin/env bash
# Runs a command with DATABASE_URL naming a throw-away PostgreSQL, which is stopped and deleted afterwards.
# It listens on a socket in its own folder only, so it needs no port and meets no other server.
set -euo pipefail

find_binaries() {
    if command -v initdb >/dev/null; then
        dirname "$(command -v initdb)"
    else # Debian keeps them off the path
        printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1
    fi
}

initdb_is_here() { [ -x "$(find_binaries)/initdb" ]; }

if ! initdb_is_here && ! { "$(dirname "$0")/install_packages.sh" postgresql && initdb_is_here; }; then
    echo "FAILED: there is no PostgreSQL and it may not be installed here; install it (apt-get install postgresql)." >&2
    exit 1
fi
binaries=$(find_binaries)
folder=$(mktemp -d /tmp/postgres.XXXXXX)

as_user=()
if [ "$(id -u)" -eq 0 ]; then # PostgreSQL refuses to run as root
    user=$(id -un postgres 2>/dev/null || echo nobody)
    chown "$user" "$folder"
    as_user=(runuser -u "$user" --)
fi

stop() {
    "${as_user[@]}" "$binaries/pg_ctl" stop -D "$folder/data" -m immediate >/dev/null 2>&1 || true
    rm -rf "$folder"
}
trap stop EXIT
trap 'exit 130' INT TERM

"${as_user[@]}" "$binaries/initdb" -D "$folder/data" -U site -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/log" ||
    { cat "$folder/log" >&2; exit 1; }
# Nothing here must survive a crash, so nothing need be waited for.
"${as_user[@]}" "$binaries/pg_ctl" start -w -D "$folder/data" -l "$folder/data/log" \
    -o "-k $folder -c listen_addresses= -c fsync=off -c synchronous_commit=off -c full_page_writes=off" >/dev/null ||
    { cat "$folder/data/log" >&2; exit 1; }

DATABASE_URL="postgres://site@/$folder/postgres" "$@" # the socket's folder stands where the host would
