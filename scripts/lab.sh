#!/usr/bin/env bash
# lab.sh AILAB ARGUMENTS…: makes sure that a container engine answers, then runs ailab.
# An engine that answers is used as it is. Only if none answers, this script installs and starts one.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
ailab=$1
shift
if ! "$ailab" engine status >/dev/null 2>&1; then
    # If the user chose an engine, stop here instead of using another one: it would have other images.
    if [ -n "${DOCKER_HOST:-}${DOCKER_CONTEXT:-}" ]; then "$ailab" engine status; fi
    echo "No container engine answers. Installing the distribution's engine and starting a private one." >&2
    "$here/install-deps.sh" --engine
    if ! "$ailab" engine status >/dev/null 2>&1; then
        if [ "$(id -u)" -eq 0 ]; then "$ailab" engine start; else sudo -E "$ailab" engine start; fi
    fi
fi
exec "$ailab" "$@"
