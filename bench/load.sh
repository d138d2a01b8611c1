#!/usr/bin/env bash
# load.sh: compares ailab's load generator with others, alternating, against a server with known delays. `make bench-load`.
#   RUNS=3 TIME=4    rounds, and seconds per round
#   PEER="wrk -t1 -c{connections} -d{seconds}s --latency {url}"
#                    another generator; default: those of wrk, ab and hey that are installed (apt-get install wrk apache2-utils hey)
#   AILAB=FILE       the program; default: the release build
# All traffic stays on 127.0.0.1. Exit code 1: a target was missed.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$PWD/.build/bench
mkdir -p "$work"
cc -O2 -static -o "$work/meter" bench/meter.c
cc -O2 -o "$work/delay" bench/delay.c
status=0
{
    echo "$(date +%Y-%m-%d), $(nproc) cores ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)), load $(cut -d' ' -f1 /proc/loadavg) at the start."
    python3 bench/load.py --meter "$work/meter" --server "$work/delay" --ailab "${AILAB:-$PWD/.build/release/ailab}" \
        --runs "${RUNS:-3}" --seconds "${TIME:-4}" ${PEER:+--peer "$PEER"} || echo $? >"$work/load.status"
} | tee "$work/load.md"
if [ -e "$work/load.status" ]; then status=$(cat "$work/load.status"); rm "$work/load.status"; fi
[ -n "${PEER:-}" ] || python3 bench/publish.py load <"$work/load.md"
exit "$status"
