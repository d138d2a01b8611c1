#!/usr/bin/env bash
# Counts the requests that a rolling update loses, on a real engine:
#   AILAB_HOME=… DOCKER_HOST=… Tests/Compat/rolling.sh [--begin-swarm] [PROGRAM]
# The workspace has done step 4.9 of Lab 5, so that its archive exists. `ailab deploy --to swarm` writes the stack. While `ailab load` sends
# 60 requests a second, the service is updated to a second version of the model and back. With the health check that the stack has, no
# request may be lost. Without it, some must be: otherwise this test could not fail.
# --begin-swarm allows to begin a swarm on this engine. It is ended afterwards. Without it, the engine must be part of a swarm already.
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
begin=no
[ "${1:-}" != --begin-swarm ] || { begin=yes; shift; }
ailab=${1:-$here/.build/debug/ailab}
export AILAB_LABS=${AILAB_LABS:-$here/labs}
rate=60
port=${ROLLING_PORT:-8090}
say() { echo "rolling: $*" >&2; }

work=$(mktemp -d)
store=
proxy=ailab-rolling-$$
began=no
stack=
cleanup() {
    docker rm -f "$proxy" >/dev/null 2>&1 || true
    [ -z "$stack" ] || docker stack rm "$stack" >/dev/null 2>&1 || true
    [ $began = no ] || docker swarm leave --force >/dev/null || true
    [ -z "$store" ] || rm -f "$store/rolling-2.mar"
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

if [ "$(docker info --format '{{.Swarm.LocalNodeState}}')" != active ]; then
    [ $begin = yes ] || { say "this engine is in no swarm; --begin-swarm allows to begin one"; exit 2; }
    docker swarm init --advertise-addr 127.0.0.1 --listen-addr 127.0.0.1:2377 >/dev/null
    began=yes
fi

"$ailab" deploy --to swarm --output "$work/stack" >/dev/null
cd "$work/stack"
image=$(sed -n 's/^ *image: //p' stack.yaml)
store=$(sed -n 's/^ *source: \(.*model-store\)$/\1/p' stack.yaml)
# The second version is the same archive under another name: what is tested is the update, not the model.
cp "$store/mnist.mar" "$store/rolling-2.mar"
stack=$(sed -n 's/^    name: //p' stack.yaml | head -1)
docker stack ls --format '{{.Name}}' | grep -qx "$stack" && { say "there is a stack $stack already"; exit 2; }
docker stack deploy --detach=true --resolve-image never -c stack.yaml $stack >/dev/null
service=${stack}_mnist

# One address for both replicas, on the loopback interface.
docker run -d --name "$proxy" --network $stack -p "127.0.0.1:$port:8000" -v "$here/labs/lab5/cluster/proxy.py:/proxy.py:ro" "$image" \
    python3 /proxy.py mnist 8080 >/dev/null
digit=$here/labs/lab5/pictures/digit-7.png
url=http://127.0.0.1:$port/predictions/mnist
tries=0
until [ "$(docker service ls --filter name=$service --format '{{.Replicas}}')" = 2/2 ] && curl -fs -m 5 -T "$digit" "$url" >/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 90 ] || { docker service ps --no-trunc $service >&2; say "the service isn't ready"; exit 3; }
    sleep 1
done

update() {
    docker service update -q --no-resolve-image "$@" --args \
        "sh /app/start.sh --ts-config /etc/torchserve/deploy.properties --models mnist=$archive" $service >/dev/null
}
# rolled NAME: both updates under load. Its result is that of `ailab load`: 0 if each request got the right answer.
rolled() {
    "$ailab" load "$url" --body "$digit" --expect 7 --rate $rate --duration 10m --timeout 10s --plain >"$work/$1" 2>&1 &
    local load=$! code=0
    sleep 2
    archive=rolling-2.mar update
    archive=mnist.mar update
    sleep 2
    # As a person ends it with Ctrl-C: the result so far is told.
    kill -INT $load
    wait $load || code=$?
    sed -n '/^  responses  /,/^ *$/p' "$work/$1" >&2
    grep -qE '^ +(no response|wrong)|status +.*[1345][0-9][0-9]:' "$work/$1" && return 1
    [ $code = 0 ] || [ $code = 130 ] || return 1
}

say "two rolling updates with the health check, at $rate requests a second"
rolled healthy || { say "requests were lost in spite of the health check"; exit 1; }
docker service ps --format '{{.CurrentState}}' $service | grep -c Shutdown | grep -qx 4 || { say "the replicas weren't replaced twice"; exit 1; }
say "the same without it"
archive=mnist.mar update --no-healthcheck
if rolled unchecked; then
    say "no request was lost without the health check, so this test proves nothing"
    exit 1
fi
say "none lost with the health check, some without: as it should be"
