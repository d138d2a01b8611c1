#!/usr/bin/env bash
# Counts the requests that a cluster of two machines loses while its replicas are replaced:
#   Tests/Compat/drain.sh [PROGRAM]
# Two Docker engines start, each in namespaces of its own: network, processes, host name, and its own data. A bridge joins them, and they form
# one swarm. The swarm runs what `ailab deploy --to swarm` writes, one replica on each machine. Each machine has its own copy of the image and of
# the archive, as without a registry. `ailab load` sends requests to one address meanwhile, at RATE a second. With the health check that the stack
# has, neither a rolling update nor a drained machine may lose one. Without it, both must lose some: otherwise this test could not fail. A machine
# that is switched off loses what it was answering; how many that are is shown, and nothing is promised.
#
# The workspace (AILAB_HOME) and the engine (DOCKER_HOST) have the image and the archive of Lab 5. What is missing is made first, by
# `ailab step 4.9 --auto --quick`. Neither that engine nor this machine's network is changed.
# Takes about ten minutes, and needs the processors for itself: replicas that are too slow for the rate lose requests, too.
# Needs root, dockerd, Docker's client, iproute2, util-linux, jq, 6 GB in DRAIN_WORK, and VXLAN in the kernel, but not IP_VS.
# Exit codes: 0 all promises hold, 1 one doesn't, 2 something was not ready.
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
ailab=$(realpath "${1:-$here/.build/debug/ailab}")
export AILAB_LABS=${AILAB_LABS:-$here/labs}
rate=${RATE:-50}
# How long one answer may take. The load goes on for longer than that after each change, so the fate of each request is known.
limit=5
say() { echo "drain: $*" >&2; }
die() { say "$*"; exit 2; }
[ "$(id -u)" = 0 ] || die "needs root"

work=$(mktemp -d "${DRAIN_WORK:-/var/tmp}/ailab-drain.XXXXXX")
# Names of network namespaces are this machine's, so another run has others.
wire=${work##*/}
declare -A engine=()
load=
cleanup() {
    [ -z "$load" ] || kill "$load" 2>/dev/null || true
    for node in "${!engine[@]}"; do
        # So that no control groups stay.
        on "$node" ps -aq 2>/dev/null | xargs -r docker -H "unix://$work/$node/docker.sock" rm -f >/dev/null 2>&1 || true
        switch_off "$node"
    done
    for name in "$wire" "$wire-one" "$wire-two"; do ip netns del "$name" 2>/dev/null || true; done
    rm -rf --one-file-system "$work" || true
}
trap cleanup EXIT
trap 'exit 130' INT TERM

# on NODE …: Docker's client on the engine of a machine.
on() {
    local node=$1
    shift
    docker -H "unix://$work/$node/docker.sock" "$@"
}

# Connects a machine: its name, and the end of its address.
connect() {
    ip netns add "$wire-$1"
    ip -n "$wire" link add "to-$1" type veth peer name eth0 netns "$wire-$1"
    ip -n "$wire" link set "to-$1" master bridge up
    ip -n "$wire-$1" link set lo up
    ip -n "$wire-$1" addr add "10.97.0.$2/24" dev eth0
    ip -n "$wire-$1" link set eth0 up
}
# Switches a machine on, and waits until its engine answers.
switch_on() {
    local node=$1
    mkdir -p "$work/$node/data"
    # Engines keep state outside of their own folders: below /run, and for overlay networks in /var/lib/docker.
    nsenter --net="/run/netns/$wire-$node" unshare --mount --uts --pid --fork --kill-child --mount-proc bash -euc '
        mkdir -p /var/lib/docker
        mount --bind "$1/data" /var/lib/docker
        mount --bind "$1/store" "$2"
        mount -t tmpfs tmpfs /run
        mkdir /run/lock
        hostname "$3"
        exec dockerd --host "unix://$1/docker.sock"' machine "$work/$node" "$store" "$node" >>"$work/$node/log" 2>&1 </dev/null &
    engine[$node]=$!
    until on "$node" info >/dev/null 2>&1; do
        kill -0 "${engine[$node]}" 2>/dev/null || { tail -5 "$work/$node/log" >&2; die "the engine of machine $node doesn't start"; }
        sleep 0.3
    done
}
# With its first process, everything in a machine ends.
switch_off() {
    kill -9 "${engine[$1]}" 2>/dev/null || true
    wait "${engine[$1]}" 2>/dev/null || true
    unset "engine[$1]"
}

"$ailab" step 4.9 --auto --quick --plain >"$work/step" 2>&1 || { tail -20 "$work/step" >&2; die "step 4.9 failed"; }
"$ailab" deploy --to swarm --output "$work/stack" >/dev/null
cd "$work/stack"
image=$(sed -n 's/^ *image: //p' stack.yaml)
store=$(sed -n 's/^ *source: \(.*model-store\)$/\1/p' stack.yaml)
stack=$(sed -n 's/^    name: //p' stack.yaml | head -1)
service=${stack}_mnist
for node in one two; do
    mkdir -p "$work/$node"
    cp -r "$store" "$work/$node/store"
    # The second version is the same archive under another name: what is tested is the update, not the model.
    cp "$store/mnist.mar" "$work/$node/store/second.mar"
done

ip netns add "$wire"
ip -n "$wire" link set lo up
ip -n "$wire" link add bridge type bridge
ip -n "$wire" addr add 10.97.0.1/24 dev bridge
ip -n "$wire" link set bridge up
connect one 11
connect two 12
switch_on one
switch_on two
versions=$(for node in one two; do on $node version --format '{{.Server.Version}}'; done | paste -sd ' ')
say "two engines run (Docker $versions); the image goes to both"
docker save "$image" | tee >(on one load -q >/dev/null) | on two load -q >/dev/null
until on one image inspect "$image" >/dev/null 2>&1; do sleep 0.5; done
on one swarm init --advertise-addr 10.97.0.11 --listen-addr 10.97.0.11 >/dev/null
on two swarm join --token "$(on one swarm join-token -q worker)" --advertise-addr 10.97.0.12 --listen-addr 10.97.0.12 10.97.0.11:2377 >/dev/null
on one stack deploy --detach=true --resolve-image never -c stack.yaml "$stack" >/dev/null 2>&1

# Where the replicas run that the swarm counts as running: with a health check, those that are healthy.
places() {
    on one service ps --filter desired-state=running --format '{{.Node}} {{.CurrentState}}' "$service" | awk '$2 == "Running" { print $1 }' | sort | paste -sd ' '
}
# How many containers of the service there are, also those that are about to end.
containers() { for node in "${!engine[@]}"; do on "$node" ps -q --filter "name=$service"; done | wc -l; }
# until_at PLACES: waits until the replicas run there, and no others are left.
until_at() {
    local tries=0
    until [ "$(places)" = "$1" ] && [ "$(containers)" = 2 ]; do
        tries=$((tries + 1))
        [ $tries -lt 360 ] || { on one service ps --no-trunc "$service" >&2; die "the replicas aren't at \"$1\""; }
        sleep 0.5
    done
}
until_at "one two"

# One address for both replicas. Its machine is never switched off, only its replicas are.
on one run -d --name proxy --network "$stack" -p 10.97.0.11:8090:8000 -v "$here/labs/lab5/cluster/proxy.py:/proxy.py:ro" "$image" \
    python3 /proxy.py mnist 8080 >/dev/null
digit=$here/labs/lab5/pictures/digit-7.png
url=http://10.97.0.11:8090/predictions/mnist
until nsenter --net="/run/netns/$wire" curl -fs -m 5 -T "$digit" "$url" >/dev/null; do sleep 1; done

# update …: changes the service, and waits until the swarm says that it's done.
update() { on one service update --detach=false -q --no-resolve-image "$@" "$service" >/dev/null; }
# An update may leave both replicas on one machine, because a new one starts before an old one ends. A third one starts on the machine
# with fewer, and the one that then goes comes from the machine with more.
spread() {
    on one service scale "$service=3" >/dev/null
    on one service scale "$service=2" >/dev/null
    until_at "one two"
}
version() { echo "sh /app/start.sh --ts-config /etc/torchserve/deploy.properties --models mnist=$1"; }
rolling() {
    update --args "$(version second.mar)"
    update --args "$(version mnist.mar)"
    spread
}
# As for maintenance: a machine gives its replica away, comes back, and gets one again.
drained() {
    local node=$1 other=$2
    on one node update --availability drain "$node" >/dev/null
    until_at "$other $other"
    on one node update --availability active "$node" >/dev/null
    spread
}

# As in a power cut.
lost_machine() {
    switch_off two
    until_at "one one"
    switch_on two
    spread
}

# counted NAME COMMAND…: runs a change under load, and writes a row of the table.
rows=$work/rows
counted() {
    local name=$1 start
    shift
    say "$name"
    nsenter --net="/run/netns/$wire" "$ailab" load "$url" --anywhere --body "$digit" --expect 7 --rate "$rate" --duration 10m --timeout ${limit}s \
        --json >"$work/load" 2>"$work/load.err" &
    load=$!
    sleep 2
    start=$SECONDS
    "$@"
    local took=$((SECONDS - start))
    sleep $((limit + 1))
    # As a person ends it with Ctrl-C: the result so far is told.
    kill -INT $load
    wait $load || true
    load=
    jq -er --arg name "$name" --arg took "$took" 'select(.kind == "summary")
        | (.failures | add // 0) as $failed
        | [$name, .answered + $failed + .unsent, .wrong + $failed + .unsent, .latency_ms.p99, .latency_ms.max, $took,
            ([(.statuses, .failures) | to_entries[] | select(.key != "200") | "\(.key): \(.value)"] | join(", "))]
        | map(if type == "number" then round else . // "–" end) | @tsv' "$work/load" >>"$rows" \
        || { cat "$work/load.err" >&2; die "the load test gave no result"; }
}
lost() { awk -F'\t' -v name="$1" '$1 == name { print $3 }' "$rows"; }

kept=("rolling update" "machine two drained and back" "machine one drained and back")
counted "${kept[0]}" rolling
counted "${kept[1]}" drained two one
counted "${kept[2]}" drained one two
counted "machine two switched off and on" lost_machine
update --no-healthcheck
spread
without=("rolling update, no health check" "machine two drained and back, no health check")
counted "${without[0]}" rolling
counted "${without[1]}" drained two one

echo "Docker $versions, $rate requests a second, $(date -u +%F)"
(printf 'change\trequests\tlost\tp99 (ms)\tmax (ms)\tseconds\tof which\n'; cat "$rows") | column -t -s $'\t'
code=0
for name in "${kept[@]}"; do
    # TorchServe answers 503 if a queue is full.
    [ "$(lost "$name")" = 0 ] || { say "$name: requests were lost. With many 503s, the replicas were too slow: is the machine busy?"; code=1; }
done
for name in "${without[@]}"; do
    [ "$(lost "$name")" != 0 ] || { say "$name: none was lost, so this test proves nothing"; code=1; }
done
exit $code
