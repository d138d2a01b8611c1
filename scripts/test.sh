#!/usr/bin/env bash
# Runs the tests.
#   scripts/test.sh                every test, on a real engine and a real TorchServe. Starts a private engine (root), or uses
#                                  AILAB_TEST_ENGINE. First the whole lab with the real program, which also builds the serving image.
#                                  Then all other tests, with a TorchServe running in that image. At last a newer engine: Docker 28 in a
#                                  machine of its own. If that can't be had here, the last line says why.
#   scripts/test.sh --quick        only the tests that need neither an engine nor root nor much time
# AILAB_TEST_WITHOUT="engine root time" leaves out the tests with these tags. The last line says how many tests were left out. A test that is
# skipped for another reason makes a full run fail.
# Tests run one at a time. Hundreds at once on two cores would starve each other, so that deadlines of the program expire.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { echo "test: $*" >&2; }

output=$(mktemp)
trap 'rm -f "$output"' EXIT
# Runs a command that runs tests, and keeps what it prints for the end. There, the failures stand once more: whoever sees only the last lines
# of a long log has to know what failed.
run() {
    local status=0
    "$@" 2>&1 | tee -a "$output" || status=$?
    failures=$(grep -aA 3 -E '(^|[^A-Za-z])Test .+ (recorded an issue|failed after)|[Ff]atal error|signal code' "$output" | cut -c1-400 | tail -n 60 || true)
    [ $status = 0 ] || [ -z "$failures" ] || printf 'test: what failed:\n%s\n' "$failures" >&2
    return $status
}
left_out() { grep -cE '(^|[^A-Za-z])Test .+ skipped(:|\.|$)' "$output" || true; }

case ${1:-} in
    --quick)
        unset AILAB_TEST_ENGINE
        export AILAB_TEST_WITHOUT="engine root time"
        swift build --build-tests
        status=0
        run swift test --skip-build --no-parallel || status=$?
        say "$(left_out) tests were left out: they need an engine, root, more time, or a program that is not installed. The lines with \"skipped\" name them."
        say "make test runs every test"
        exit $status ;;
    "") ;;
    *) say "usage: $0 [--quick]"; exit 2 ;;
esac

scripts/install-deps.sh --tests
swift build --build-tests
ailab=$PWD/.build/debug/ailab
started=no
fresh=no
cleanup() {
    rm -f "$output"
    [ $started = yes ] || return 0
    "$ailab" engine stop >&2 || true
    # Nothing will use these gigabytes of images again.
    if [ $fresh = yes ]; then rm -rf --one-file-system "$AILAB_ENGINE_DIR"; fi
}
trap cleanup EXIT
if [ -z "${AILAB_TEST_ENGINE:-}" ]; then
    [ "$(id -u)" -eq 0 ] || { say "starting an engine needs root; to use an existing one: AILAB_TEST_ENGINE=unix:///var/run/docker.sock make test"; exit 3; }
    if [ -z "${AILAB_ENGINE_DIR:-}" ]; then
        # Start empty each time: this run would mistake what an earlier one left for someone else's, or not notice that it fails to build
        # something. To keep the images between runs, set AILAB_ENGINE_DIR to a folder.
        export AILAB_ENGINE_DIR=/var/lib/ailab/test-engine
        fresh=yes
        "$ailab" engine stop >&2
        rm -rf --one-file-system "$AILAB_ENGINE_DIR" .build/test-home
    fi
    say "starting a private engine in $AILAB_ENGINE_DIR"
    "$ailab" engine start >&2
    started=yes
    export AILAB_TEST_ENGINE=unix://$AILAB_ENGINE_DIR/docker.sock
fi
export DOCKER_HOST=$AILAB_TEST_ENGINE
say "1 of 3: the whole lab"
run swift test --skip-build --no-parallel --filter EndToEnd
say "2 of 3: everything else"
run scripts/test-torchserve.sh "${AILAB_TEST_IMAGE:-ailab-test/torchserve:latest}" swift test --skip-build --no-parallel --skip EndToEnd
say "3 of 3: a newer engine"
newer=
if [ "$(id -u)" != 0 ]; then
    newer="docker-sid was not tried: its machine needs root"
elif [ -n "${AILAB_TEST_WITHOUT:-}" ]; then
    newer="docker-sid was not tried: AILAB_TEST_WITHOUT=\"$AILAB_TEST_WITHOUT\""
else
    status=0
    run env AILAB="$ailab" MACHINES="$PWD/.build/machines" COMPAT_WORK="$PWD/.build/compat-short" scripts/compat.sh --short docker-sid || status=$?
    rm -rf --one-file-system .build/machines
    case $status in
        0) ;;
        77) newer=$(tail -1 "$output") ;;
        *) exit $status ;;
    esac
fi
count=$(left_out)
[ "$count" = 0 ] || say "$count tests were left out${AILAB_TEST_WITHOUT:+: AILAB_TEST_WITHOUT=\"$AILAB_TEST_WITHOUT\"}"
[ -z "$newer" ] || say "$newer"
[ "$count" = 0 ] || [ -n "${AILAB_TEST_WITHOUT:-}" ] || exit 1
