#!/usr/bin/env bash
# tui.sh: measures the walkthrough from its terminal: start, idle, a flood of 10,000 lines per second, key presses, memory after a million
# lines. Compares it with Docker's client and, if you name one, another program. `make bench-tui`. Takes about five minutes.
#   PEER="lazydocker" PEER_READY=Donate PEER_KEY=x PEER_EXPECT=Menu PEER_UNDO='\x1b' PEER_QUIT=q
#                                        a program that shows containers; in the flood, it must show the log of the newest one
#   AILAB=FILE                           the program; default: the release build
# Needs an engine (DOCKER_HOST), Docker's client, a C compiler, and Python with pyte.
set -euo pipefail
cd "$(dirname "$0")/.."
ailab=${AILAB:-$PWD/.build/release/ailab}
work=$PWD/.build/bench/tui
results=$work/results
say() { echo "bench: $*" >&2; }
refuse() { say "$*"; exit 3; }
python=
for candidate in ${PYTHON:-} python3 /usr/bin/python3; do
    if "$candidate" -c 'import pyte' 2>/dev/null; then python=$candidate; break; fi
done
[ -n "$python" ] || refuse "the Python package pyte is missing: apt-get install python3-pyte, or pip install pyte"
for program in docker cc; do command -v $program >/dev/null || refuse "$program is missing"; done
docker version >/dev/null 2>&1 || refuse "no engine answers; name one in DOCKER_HOST"

rm -rf "$work"
mkdir -p "$work/home"
cp -R bench/flood bench/flood.yaml "$work"
cc -O2 -static -o "$work/flood/source/flood" "$work/flood/source/flood.c"
place="--lab $work/flood.yaml --home $work/home"
# shellcheck disable=SC2086
"$ailab" step 1.1 --auto $place >&2
remove() { docker rm -f ailab-bench-flood $(seq -f ailab-bench-idle-%g 20) >/dev/null 2>&1 || true; }
trap remove EXIT
remove

# The engine's process, to measure how much CPU a program costs it. Empty if the engine is on another machine or another user's.
engine=
socket=${DOCKER_HOST:-unix:///var/run/docker.sock}
case $socket in unix://*) engine=$(ss -xlpH "src ${socket#unix://}" 2>/dev/null | grep -o 'pid=[0-9]*' | head -1 | cut -d= -f2 || true) ;; esac
measure() { "$python" bench/tui.py "$@" ${engine:+--engine "$engine"} >>"$results"; }
peer=()
if [ -n "${PEER:-}" ]; then
    peer=(--name "${PEER%% *}" --command "$PEER" --ready "${PEER_READY:-.}" --quit "${PEER_QUIT:-q}")
    peer_keys=(${PEER_KEY:+--key "$PEER_KEY" --expect "${PEER_EXPECT:-.}" --undo "${PEER_UNDO:-}"})
fi
walk=(--name ailab --command "$ailab walk $place" --ready 'Flood the pane' --ready 'Open it' --quit q)
walk_keys=(--key '?' --expect 'Keys' --undo '\x1b')
run="$ailab step 1.2 --auto --force --plain $place --set"
same="docker rm -f ailab-bench-flood; docker run --rm --name ailab-bench-flood ailab-bench/flood:latest /flood 10000 32"

say "start, with 20 containers"
for number in $(seq 20); do docker run -d --name "ailab-bench-idle-$number" ailab-bench/flood:latest /flood 0 3600 >/dev/null; done
measure start "${walk[@]}" --beside "docker ps" --beside-ready ailab-bench-idle
[ ${#peer[@]} = 0 ] || measure start "${peer[@]}"
remove
say "idle"
measure idle "${walk[@]}" "${walk_keys[@]}"
[ ${#peer[@]} = 0 ] || measure idle "${peer[@]}" "${peer_keys[@]}"
say "flood"
measure flood "${walk[@]}" "${walk_keys[@]}" --load "$run seconds=32"
remove
docker run -d --name ailab-bench-flood ailab-bench/flood:latest /flood 10000 32 >/dev/null
measure flood --name "docker logs -f" --command "docker logs -f ailab-bench-flood" --quit '\x03' --load true --late
remove
[ ${#peer[@]} = 0 ] || measure flood "${peer[@]}" "${peer_keys[@]}" --load "$same"
remove
say "a million lines"
measure million "${walk[@]}" --load "$run rate=50000 --set seconds=20"
remove
"$python" bench/tui_table.py <"$results" | tee /dev/stderr | python3 bench/publish.py tui
