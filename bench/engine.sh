#!/usr/bin/env bash
# engine.sh: compares ailab's engine client with Docker's: uploads, logs and a ping, alternating, on the same engine. `make bench-engine`.
#   RUNS=5           rounds that count; a warm-up round comes first
#   DOCKER=docker    Docker's client
#   AILAB=FILE, AILAB_DEV=FILE    the programs; default: the release builds
#   LINES=1000000 FILES=20000 MEGABYTES=1024    sizes
#   ONLY="logs ping" some of: upload files logs ping build. Without ONLY, all of them run and the tables go to docs/performance.md.
# `build` uses BuildKit if Docker's client has its plugin buildx, and otherwise the classic builder. Its tables go to the page in any case.
# Uses the engine that DOCKER_HOST names, or the default one, and removes what it made there. Exit code 1: a target was missed.
set -euo pipefail
cd "$(dirname "$0")/.."
RUNS=${RUNS:-5} DOCKER=${DOCKER:-docker} LINES=${LINES:-1000000} FILES=${FILES:-20000} MEGABYTES=${MEGABYTES:-1024}
ONLY=${ONLY:-} wanted=${ONLY:-upload files logs ping build}
ailab=${AILAB:-$PWD/.build/release/ailab}
dev=${AILAB_DEV:-$PWD/.build/release/ailab-dev}
work=$PWD/.build/bench
# The path of a unix socket must be short, and that of a checkout may be long.
sockets=$(mktemp -d /tmp/ailab-bench.XXXXXX)
name=ailab-bench-$$
export DOCKER_HOST=${DOCKER_HOST:-unix:///var/run/docker.sock} DOCKER_BUILDKIT=0
engine=$DOCKER_HOST
say() { echo "bench: $*" >&2; }

cleanup() {
    [ -z "${sink:-}" ] || kill "$sink" 2>/dev/null || true
    DOCKER_HOST=$engine $DOCKER rm -f "$name" >/dev/null 2>&1 || true
    DOCKER_HOST=$engine $DOCKER rmi -f "$name" "$name-ours" "$name-theirs" >/dev/null 2>&1 || true
    rm -rf "$sockets"
}
trap cleanup EXIT

mkdir -p "$work"
cc -O2 -static -o "$work/meter" bench/meter.c
cc -O2 -static -o "$work/lines" bench/lines.c
status=0
# compare TITLE SOCKET TARGETS CASE…: SOCKET is the engine's, or empty.
compare() {
    local title=$1 socket=$2 bars=$3
    shift 3
    # shellcheck disable=SC2086
    python3 bench/compare.py --meter "$work/meter" --runs "$RUNS" --title "$title" ${socket:+--engine "$socket"} $bars "$@" || status=1
}
# grouped 20000: prints 20,000.
grouped() { echo "$1" | sed -e :a -e 's/^\([0-9]*[0-9]\)\([0-9]\{3\}\)/\1,\2/;ta'; }
socket=
case $engine in unix://*) socket=${engine#unix://} ;; esac

# Contexts are kept between runs, because a gigabyte of random data takes longer to make than to send.
make_big() {
    [ "$(stat -c %s "$work/big/blob" 2>/dev/null || echo 0)" = $((MEGABYTES << 20)) ] && return
    say "making a context of $MEGABYTES MB"
    mkdir -p "$work/big"
    head -c $((MEGABYTES << 20)) /dev/urandom >"$work/big/blob"
}
make_many() {
    [ "$(cat "$work/many/count" 2>/dev/null || echo 0)" = "$FILES" ] && return
    say "making a context of $FILES files"
    rm -rf "$work/many"
    mkdir -p "$work/many"
    python3 - "$work/many" "$FILES" <<'PYTHON'
import os
import sys
folder, count = sys.argv[1], int(sys.argv[2])
for number in range(count):
    place = f"{folder}/d{number // 100:03}"
    os.makedirs(place, exist_ok=True)
    with open(f"{place}/f{number % 100:03}.txt", "wb") as file:
        file.write(os.urandom(512).hex().encode())
with open(f"{folder}/count", "w") as file:
    file.write(str(count))
PYTHON
}
# The image copies nothing, so the engine only has to receive and unpack.
recipe() { printf 'FROM scratch\nLABEL ailab.bench=%s\n' "$name" >"$1/Dockerfile"; }

start_sink() {
    python3 bench/sink.py "$sockets/sink.sock" "$LINES" 100 &
    sink=$!
    until [ -S "$sockets/sink.sock" ]; do kill -0 "$sink" || exit 1; sleep 0.05; done
    export DOCKER_HOST=unix://$sockets/sink.sock
}
stop_sink() {
    kill "$sink"
    wait "$sink" 2>/dev/null || true
    sink=
    export DOCKER_HOST=$engine
}

upload() {
    local folder=$1 title=$2 bars=$3
    recipe "$folder"
    compare "$title, to the engine" "$socket" "$bars" \
        "ailab=$dev engine build $folder $name-ours" "docker=$DOCKER build -q --no-cache -t $name-theirs $folder"
    start_sink
    compare "$title, to a server that discards it" "" "" \
        "ailab=$dev engine build $folder $name-ours" "docker=$DOCKER build -q --no-cache -t $name-theirs $folder"
    stop_sink
}

logs() {
    tar -C "$work" -cf - lines | $DOCKER import - "$name" >/dev/null
    say "writing $LINES lines"
    $DOCKER run --name "$name" --network none --log-driver json-file "$name" /lines "$LINES" 100 >/dev/null
    compare "$(grouped "$LINES") log lines of 100 bytes, from the engine" "$socket" "--bar wall=1.05 --bar cpu=0.25" \
        "ailab=$dev engine logs $name" "docker=$DOCKER logs $name"
    start_sink
    compare "$(grouped "$LINES") log lines of 100 bytes, from a server that only sends them" "" "" \
        "ailab=$dev engine logs $name" "docker=$DOCKER logs $name"
    stop_sink
}

# A context and a Dockerfile whose instructions run. They need no base image.
make_built() {
    rm -rf "$work/built"
    mkdir -p "$work/built"
    cp "$work/lines" "$work/built/"
    for number in $(seq 100); do head -c 20000 /dev/urandom >"$work/built/f$number"; done
    {
        printf 'FROM scratch\nLABEL ailab.bench=%s\nCOPY . /context/\n' "$name"
        for number in 1 2 3 4; do echo "RUN [\"/context/lines\", \"${number}00\", \"100\"]"; done
    } >"$work/built/Dockerfile"
}

build() {
    make_built
    local builder="the classic builder"
    if $DOCKER buildx version >/dev/null 2>&1; then builder=BuildKit DOCKER_BUILDKIT=1; fi
    compare "A build by $builder, without the cache" "$socket" "--bar wall=1.05" \
        "ailab=$dev engine build $work/built $name-ours" "docker=$DOCKER build -q --no-cache -t $name-theirs $work/built"
    compare "The same build from the cache" "$socket" "--bar wall=1.05" \
        "ailab=$dev engine build --cache $work/built $name-ours" "docker=$DOCKER build -q -t $name-theirs $work/built"
    DOCKER_BUILDKIT=0
}

ping() {
    RUNS=$((RUNS * 4)) compare "A ping" "$socket" "" \
        "ailab=$dev engine ping" "docker=$DOCKER version" "ailab engine status=$ailab engine status" "ailab --version=$ailab --version" \
        "ailab list=env AILAB_HOME=$sockets/home AILAB_LABS=$PWD/labs $ailab list"
}

about() {
    echo "$(date +%Y-%m-%d), $(nproc) cores ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)), load $(cut -d' ' -f1 /proc/loadavg) at the start;" \
        "engine $($DOCKER version --format '{{.Server.Version}}'), docker's client $($DOCKER version --format '{{.Client.Version}}')."
    echo
}

everything() {
    about
    for part in $wanted; do
        case $part in
            upload) make_big; upload "$work/big" "A build context of $(grouped "$MEGABYTES") MB, one file" "--bar wall=1.05 --bar resident=40" ;;
            files) make_many; upload "$work/many" "A build context of $(grouped "$FILES") files" "--bar wall=1.05 --bar resident=40" ;;
            logs) logs ;;
            ping) ping ;;
            build) ;;
            *) say "ONLY accepts upload, files, logs, ping and build, not $part"; exit 2 ;;
        esac
    done
}

everything >"$work/engine.md"
cat "$work/engine.md"
case " $wanted " in
    *" build "*)
        { about && build; } >"$work/build.md"
        cat "$work/build.md"
        python3 bench/publish.py build <"$work/build.md" ;;
esac
[ -n "$ONLY" ] || python3 bench/publish.py engine <"$work/engine.md"
exit $status
