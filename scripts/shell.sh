#!/bin/sh
# A shell in the container that .devcontainer/Dockerfile describes, with these sources as its folder. The tests start an engine in it: therefore it's
# privileged, and the engine's folder is a volume.
#   scripts/shell.sh [COMMAND…]     default: bash. BASE=… builds on another image than Swift's own.
set -eu
cd "$(dirname "$0")/.."
for engine in docker podman; do
    command -v $engine >/dev/null && break
    engine=
done
[ -n "$engine" ] || { echo "shell: neither docker nor podman is installed" >&2; exit 3; }
# Only what the image needs is sent: a client without BuildKit would send the build products, too.
tar -c .devcontainer/Dockerfile scripts/install-deps.sh |
    $engine build -q ${BASE:+--build-arg "BASE=$BASE"} -t ailab-dev -f .devcontainer/Dockerfile - >/dev/null
terminal=
[ ! -t 0 ] || terminal=-t
[ $# -gt 0 ] || set -- bash
# The sources have the same path as outside: a build remembers paths.
exec $engine run --rm -i $terminal --privileged -v "$PWD:$PWD" -v ailab-engine:/var/lib/ailab -w "$PWD" ailab-dev "$@"
