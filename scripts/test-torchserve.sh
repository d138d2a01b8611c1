#!/bin/sh
# Runs a command while a real TorchServe is running. The server runs in a container of the lab's serving image and serves the handlers in
# Tests/Fixtures/torchserve:
#   scripts/test-torchserve.sh IMAGE swift test --filter TorchServe
# Uses the engine that Docker's client finds (DOCKER_HOST). The command gets two variables: AILAB_TEST_TORCHSERVE (the ports for
# inference:management:metrics on 127.0.0.1) and AILAB_TEST_TORCHSERVE_KEYS (the key file).
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
say() { echo "test-torchserve: $*" >&2; }
[ $# -gt 1 ] || { say "usage: $0 IMAGE COMMAND…"; exit 2; }
image=$1
shift
docker image inspect "$image" >/dev/null 2>&1 || {
    say "the engine has no image $image; \`ailab step 4.2 --auto\` builds it"
    exit 3
}

work=$(mktemp -d)
name=ailab-test-torchserve-$$
cleanup() {
    docker rm -f "$name" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

mkdir "$work/store"
cat >"$work/config.properties" <<CONFIG
inference_address=http://0.0.0.0:8080
management_address=http://0.0.0.0:8081
metrics_address=http://0.0.0.0:8082
metrics_mode=prometheus
default_workers_per_model=1
default_response_timeout=5
job_queue_size=2
CONFIG
# The engine chooses the ports, so that two test runs don't conflict.
docker run -d --name "$name" --label ailab.test=torchserve --user "$(id -u):$(id -g)" -e HOME=/work -w /work -v "$work:/work" \
    -v "$here/Tests/Fixtures/torchserve:/handlers:ro" -p 127.0.0.1::8080 -p 127.0.0.1::8081 -p 127.0.0.1::8082 \
    --entrypoint sh "$image" -c '
        for model in echo broken; do
            torch-model-archiver --model-name $model --version 1.0 --handler /handlers/${model}_handler.py --export-path store || exit
        done
        exec torchserve --start --foreground --model-store store --ts-config config.properties --ncs \
            --models echo=echo.mar --enable-model-api' >/dev/null
port() { docker port "$name" "$1" | head -n 1 | sed 's/.*://'; }
AILAB_TEST_TORCHSERVE=$(port 8080):$(port 8081):$(port 8082)
AILAB_TEST_TORCHSERVE_KEYS=$work/key_file.json
export AILAB_TEST_TORCHSERVE AILAB_TEST_TORCHSERVE_KEYS

tries=0
until [ -s "$AILAB_TEST_TORCHSERVE_KEYS" ] && curl -s -o /dev/null "http://127.0.0.1:$(port 8080)/ping"; do
    tries=$((tries + 1))
    [ $tries -lt 120 ] || { docker logs --tail 20 "$name" >&2; say "TorchServe did not start within a minute"; exit 3; }
    sleep 0.5
done
status=0
"$@" || status=$?
[ $status = 0 ] || { say "last lines of the server's log:"; docker logs --tail 20 "$name" >&2; }
exit $status
