#!/bin/sh
# Runs a command beside a real TorchServe that serves the archives of Tests/Fixtures/torchserve:
#   scripts/test-torchserve.sh swift test --filter TorchServe
# The command sees AILAB_TEST_TORCHSERVE (inference:management:metrics ports) and AILAB_TEST_TORCHSERVE_KEYS (the key file).
# TorchServe is installed once, into a virtual environment below the user's cache folder.
set -eu

version=0.12.0
here=$(cd "$(dirname "$0")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/ailab/torchserve-$version
venv=$cache/venv

say() { echo "test-torchserve: $*" >&2; }
stop_with() { say "$1"; exit 3; }

[ $# -gt 0 ] || { say "usage: $0 COMMAND…"; exit 2; }

install() {
    command -v python3 >/dev/null || stop_with "python3 is missing: apt-get install -y python3 python3-venv"
    say "installing TorchServe $version into $venv (once, some minutes)"
    rm -rf "$venv"
    mkdir -p "$cache"
    python3 -m venv "$venv" || stop_with "python3 has no venv module: apt-get install -y python3-venv"
    "$venv/bin/pip" install -q torchserve==$version torch-model-archiver==$version numpy pyyaml setuptools
    # The build for processors only is a tenth of the other's size, but its own index is not reachable everywhere.
    "$venv/bin/pip" install -q --retries 0 --timeout 10 --index-url https://download.pytorch.org/whl/cpu torch 2>/dev/null ||
        "$venv/bin/pip" install -q torch
    touch "$cache/complete"
}

java -version >/dev/null 2>&1 || stop_with "java 17 or newer is missing: apt-get install -y openjdk-17-jre-headless"
# Two test runs at once install once.
mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9
[ -e "$cache/complete" ] || install
flock -u 9

work=$(mktemp -d)
PATH=$venv/bin:$PATH
export PATH
# TorchServe keeps its pid file in the temporary folder and refuses a second start there.
export_tmp=$work/tmp
mkdir -p "$export_tmp" "$work/store"

cleanup() {
    (cd "$work" && TMPDIR=$export_tmp torchserve --stop >/dev/null 2>&1) || true
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

for model in echo broken; do
    torch-model-archiver --model-name $model --version 1.0 --handler "$here/Tests/Fixtures/torchserve/${model}_handler.py" \
        --export-path "$work/store" >/dev/null 2>&1
done

ports=$(python3 -c 'import socket
sockets = [socket.socket() for _ in range(3)]
for s in sockets: s.bind(("127.0.0.1", 0))
print(*[s.getsockname()[1] for s in sockets])')
# shellcheck disable=SC2086
set -- $ports "$@"
cat >"$work/config.properties" <<CONFIG
inference_address=http://127.0.0.1:$1
management_address=http://127.0.0.1:$2
metrics_address=http://127.0.0.1:$3
metrics_mode=prometheus
default_workers_per_model=1
default_response_timeout=5
job_queue_size=2
CONFIG
AILAB_TEST_TORCHSERVE=$1:$2:$3
AILAB_TEST_TORCHSERVE_KEYS=$work/key_file.json
export AILAB_TEST_TORCHSERVE AILAB_TEST_TORCHSERVE_KEYS
management=$2
shift 3

(cd "$work" && TMPDIR=$export_tmp exec torchserve --start --foreground --model-store store --ts-config config.properties --ncs \
    --models echo=echo.mar --enable-model-api >server.log 2>&1) &
tries=0
until python3 -c "import socket; socket.create_connection(('127.0.0.1', $management), 1)" 2>/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 120 ] || { tail -20 "$work/server.log" >&2; stop_with "TorchServe did not come up within a minute"; }
    sleep 0.5
done
status=0
"$@" || status=$?
[ $status = 0 ] || { say "the server's last lines:"; tail -20 "$work/server.log" >&2; }
exit $status
