#!/usr/bin/env bash
# Runs a pytest command with Chromium at hand: an installed one, or Debian's package where that may be installed.
# Where there is none, the tests marked `browser` are left out, loudly; under CI=true that is a failure.
set -euo pipefail

has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null

has_chromium || "$(dirname "$0")/install_packages.sh" chromium fonts-dejavu-core || true
if has_chromium; then
    exec "$@"
fi
if [ "${CI:-}" = true ]; then
    echo "FAILED: there is no Chromium and it may not be installed here, so the browser tests cannot run." >&2
    exit 1
fi
status=0
"$@" -m "not browser" || status=$?
echo "NOT RUN: every browser test. There is no Chromium; install it (apt-get install chromium), then run this again." >&2
exit $status
