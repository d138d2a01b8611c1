#!/usr/bin/env bash
# lab.sh: runs the whole lab with ailab, and the same lab as plain docker and curl commands (lab-by-hand.sh). Each starts from nothing: no
# images, no layers, no workspace. `make bench-lab`. Takes about twenty minutes; needs root, jq and mmdebstrap.
#   QUICK=1                    trains on part of the data, to try the script; the figures are not published
#   ORDER="ailab hand"         the order; the first finds the package mirrors' caches cold
#   DEVICE=cpu|gpu
#   AILAB=FILE, AILAB_DEV=FILE    the programs; default: the release builds
#   LAB_FILE=labs/lab5.yaml
#   BENCH_DOCKER_HOST=HOST     use this engine instead of a new private one for each run. Its own images and layers stay as they are,
#                              because the benchmark has names and a base image of its own.
# Exit code 1: ailab was slower than the commands, or more than 5% above the longest chain of its own tasks. 3: cannot be measured here.
set -euo pipefail
cd "$(dirname "$0")/.."
QUICK=${QUICK:-} ORDER=${ORDER:-ailab hand} DEVICE=${DEVICE:-cpu} LAB_FILE=${LAB_FILE:-labs/lab5.yaml} host=${BENCH_DOCKER_HOST:-}
ailab=${AILAB:-$PWD/.build/release/ailab}
dev=${AILAB_DEV:-$PWD/.build/release/ailab-dev}
work=$PWD/.build/bench/lab
engines=/var/lib/ailab/bench-$$
names=ailab-bench-$$
running=
say() { echo "bench: $*" >&2; }
refuse() { say "$*"; exit 3; }

for program in docker curl jq; do command -v $program >/dev/null || refuse "$program is missing"; done
if [ -z "$host" ]; then
    [ "$(id -u)" = 0 ] || refuse "starting engines needs root; to use an existing engine, set BENCH_DOCKER_HOST=unix:///var/run/docker.sock"
    # A second dockerd would break the first one's network.
    ! pgrep -x dockerd >/dev/null || refuse "an engine is already running on this machine; stop it, or name it in BENCH_DOCKER_HOST"
    unset DOCKER_HOST DOCKER_CONTEXT
fi

start_engine() {
    if [ -n "$host" ]; then
        export DOCKER_HOST=$host
        return
    fi
    unset DOCKER_HOST
    export AILAB_ENGINE_DIR=$engines/$1
    running=$1
    "$ailab" engine start >&2
    export DOCKER_HOST=unix://$AILAB_ENGINE_DIR/docker.sock
}
# Removes what a run left: the whole private engine, or on another engine whatever has the benchmark's names.
stop_engine() {
    if [ -z "$host" ]; then
        [ -n "$running" ] || return 0
        (unset DOCKER_HOST; "$ailab" engine stop >&2) && rm -rf "$engines"
        running=
        return
    fi
    export DOCKER_HOST=$host
    docker ps -aq --filter "name=^$names" | xargs -r docker rm -f >/dev/null || true
    docker images --format '{{.Repository}}:{{.Tag}}' | grep "^$names" | xargs -r docker rmi -f >/dev/null || true
}
trap stop_engine EXIT

rm -rf "$work"
mkdir -p "$work/labs"
# Copy the lab with the benchmark's own image names, so that another engine's existing images are not used.
cp -R "${LAB_FILE%.yaml}" "$work/labs/lab5"
sed -e "s#ailab/standin-#$names/a-#; s#ailab/lab5-base#$names/a-base#" "$LAB_FILE" >"$work/labs/lab5.yaml"
"$ailab" lab check "$work/labs/lab5.yaml" >/dev/null 2>&1 || refuse "$work/labs/lab5.yaml has mistakes; \`ailab lab check\` shows them"

run_ailab() {
    AILAB_HOME=$work/home "$ailab" step all --auto --plain ${QUICK:+--quick} --device "$DEVICE" --lab "$work/labs/lab5.yaml" \
        --set "prefix=$names-a-" --set "train_tag=$names/a-train:latest" --set "serve_tag=$names/a-serve:latest" \
        --set inference_port=18180 --set management_port=18181 --set metrics_port=18182
}
run_hand() {
    LAB=$work/labs/lab5 NAMES=$names STANDINS=$names/standin WORK=$work/hand PORTS="18280 18281 18282" DEVICE=$DEVICE QUICK=$QUICK bench/lab-by-hand.sh
}

declare -A seconds
for who in $ORDER; do
    start_engine "$who"
    say "$who: starting; output goes to $work/$who.log"
    begin=$(date +%s.%N)
    "run_$who" >"$work/$who.log" 2>&1 || { tail -20 "$work/$who.log" >&2; refuse "$who failed"; }
    seconds[$who]=$(echo "$(date +%s.%N) $begin" | awk '{printf "%.1f", $1 - $2}')
    say "$who: ${seconds[$who]} s"
    stop_engine
done

path=$("$dev" critical-path --home "$work/home" --lab "$work/labs/lab5.yaml")
{
    echo "$(date +%Y-%m-%d), $(nproc) cores, ${QUICK:+part of the data, }device $DEVICE, ${ORDER%% *} first;" \
        "$([ -n "$host" ] && echo "an existing engine" || echo "a fresh private engine each"), load $(cut -d' ' -f1 /proc/loadavg) at the end."
    echo
    python3 bench/judge.py "${seconds[ailab]}" "${seconds[hand]}" "$path"
} >"$work/lab.md" && status=0 || status=1
cat "$work/lab.md"
[ -n "$QUICK" ] || python3 bench/publish.py lab <"$work/lab.md"
exit $status
