#!/usr/bin/env bash
# torrent.sh: how long a run takes if its container prints as fast as it can, and how much memory ailab needs, beside `docker logs -f`.
# `make bench-torrent`. Takes ten minutes.
#   AILAB=FILE    the program; default: the release build
#   ROUNDS=3
# Needs an engine (DOCKER_HOST), Docker's client and a C compiler. Exit code 1: a target was missed.
set -euo pipefail
cd "$(dirname "$0")/.."
ailab=${AILAB:-$PWD/.build/release/ailab}
work=$PWD/.build/bench/torrent
for program in docker cc; do command -v $program >/dev/null || { echo "bench: $program is missing" >&2; exit 3; }; done
docker version >/dev/null 2>&1 || { echo "bench: no engine answers; name one in DOCKER_HOST" >&2; exit 3; }
rm -rf "$work"
mkdir -p "$work/home"
cp -R bench/flood bench/flood.yaml "$work"
cc -O2 -static -o "$work/flood/source/flood" "$work/flood/source/flood.c"
trap 'docker rm -f ailab-bench-flood >/dev/null 2>&1 || true' EXIT
"$ailab" step 1.1 --auto --lab "$work/flood.yaml" --home "$work/home" >&2
python3 bench/torrent.py "$ailab" "$work/flood.yaml" "$work/home" | tee /dev/stderr | python3 bench/publish.py torrent
