#!/usr/bin/env bash
# lab.sh AILAB ARGUMENTS…: makes sure that an engine answers, then runs ailab.
# An engine that is reachable is used as it is; only where there is none, one is installed and started.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
ailab=$1
shift
if ! "$ailab" engine status >/dev/null 2>&1; then
    # Whoever chose an engine wants that one: another would have other images.
    if [ -n "${DOCKER_HOST:-}${DOCKER_CONTEXT:-}" ]; then "$ailab" engine status; fi
    echo "No container engine answers: installing the distribution's and starting a private one." >&2
    "$here/install-deps.sh" --engine
    if ! "$ailab" engine status >/dev/null 2>&1; then
        if [ "$(id -u)" -eq 0 ]; then "$ailab" engine start; else sudo -E "$ailab" engine start; fi
    fi
fi
exec "$ailab" "$@"
