#!/usr/bin/env bash
# top.sh: the cost of measuring. Compares the CPU time of `ailab top --json` and `docker stats` for ten containers at one sample per second,
# and measures the time to the first figures. `make bench-top`. Takes two and a half minutes.
#   AILAB=FILE      the program; default: the release build
#   SECONDS_EACH=60
# Needs an engine (DOCKER_HOST) with the image ailab/standin-alpine, and Docker's client.
set -euo pipefail
cd "$(dirname "$0")/.."
ailab=${AILAB:-$PWD/.build/release/ailab}
each=${SECONDS_EACH:-60}
image=ailab/standin-alpine:latest
docker image inspect "$image" >/dev/null || { echo "bench: the engine has no $image; \`ailab step 2.1 --auto\` makes it" >&2; exit 3; }
work=$(mktemp -d)
cleanup() {
    for number in $(seq 10); do docker rm -f "ailab-bench-top-$number" >/dev/null 2>&1 || true; done
    rm -rf "$work"
}
trap cleanup EXIT
for number in $(seq 10); do
    docker run -d --name "ailab-bench-top-$number" "$image" sh -c 'while :; do sleep 0.1; done' >/dev/null
done

ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat"; }
hertz=$(getconf CLK_TCK)
# cost NAME COMMAND…: prints the percentage of a core, without the start-up.
cost() {
    local name=$1 before after pid
    shift
    "$@" >"$work/out" 2>&1 &
    pid=$!
    sleep 5
    before=$(ticks $pid)
    sleep "$each"
    after=$(ticks $pid)
    awk -v name="$name" -v ticks=$((after - before)) -v hertz="$hertz" -v seconds="$each" \
        -v memory="$(awk '/VmRSS/ { print $2 / 1000 }' /proc/$pid/status)" \
        'BEGIN { printf "| %s | %.2f%% of a core | %.1f MB |\n", name, 100 * ticks / hertz / seconds, memory }'
    kill $pid
    wait $pid 2>/dev/null || true
}
echo "| at one sample per second, ten containers | CPU time | memory |"
echo "|---|---|---|"
cost "ailab top --json" "$ailab" top --json
cost "docker stats" docker stats

# Time to the first sample that contains container figures.
for _ in 1 2 3 4 5; do
    start=$(date +%s%N)
    "$ailab" top --json | while read -r line; do
        case $line in *'"cpu":'*ailab-bench-top*)
            echo $((($(date +%s%N) - start) / 1000000))
            break ;;
        esac
    done
done | sort -n | awk '{ all[NR] = $1 } END { printf "first container figures after %d ms (median of %d)\n", all[int((NR + 1) / 2)], NR }'
