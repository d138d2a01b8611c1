#!/usr/bin/env bash
# Every test, on a real engine and a real TorchServe.
#   scripts/test.sh                starts an engine of its own (root), or uses AILAB_TEST_ENGINE
# 1. the whole lab through the real program, which builds the serving image on the way
# 2. all the rest, beside a TorchServe in that image
# One test after the other: hundreds at once on two cores starve each other, and deadlines that are part of the behaviour pass.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { echo "test: $*" >&2; }

scripts/install-deps.sh --tests
swift build --build-tests
ailab=$PWD/.build/debug/ailab
started=no
fresh=no
cleanup() {
    [ $started = yes ] || return 0
    "$ailab" engine stop >&2 || true
    # Gigabytes of images that nothing will use again.
    if [ $fresh = yes ]; then rm -rf --one-file-system "$AILAB_ENGINE_DIR"; fi
}
trap cleanup EXIT
if [ -z "${AILAB_TEST_ENGINE:-}" ]; then
    [ "$(id -u)" -eq 0 ] || { say "name an engine for the tests: AILAB_TEST_ENGINE=unix:///var/run/docker.sock make test"; exit 3; }
    if [ -z "${AILAB_ENGINE_DIR:-}" ]; then
        # Empty each time: what an earlier run left would be taken for a stranger's by this one, or hide that something is not built.
        # Name a folder with AILAB_ENGINE_DIR to keep its images from run to run.
        export AILAB_ENGINE_DIR=/var/lib/ailab/test-engine
        fresh=yes
        "$ailab" engine stop >&2
        rm -rf --one-file-system "$AILAB_ENGINE_DIR" .build/test-home
    fi
    say "starting an engine of its own in $AILAB_ENGINE_DIR"
    "$ailab" engine start >&2
    started=yes
    export AILAB_TEST_ENGINE=unix://$AILAB_ENGINE_DIR/docker.sock
fi
export DOCKER_HOST=$AILAB_TEST_ENGINE
say "1 of 2: the whole lab"
swift test --skip-build --no-parallel --filter EndToEnd
say "2 of 2: everything else"
scripts/test-torchserve.sh "${AILAB_TEST_IMAGE:-ailab-test/torchserve:latest}" swift test --skip-build --no-parallel --skip EndToEnd
