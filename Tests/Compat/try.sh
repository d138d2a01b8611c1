#!/usr/bin/env bash
# Runs in a machine of `machine.sh`, as the user of its engine, with DOCKER_HOST set: tries what a student does, and writes one line for each
# trial to the file $1: trial, result, detail, separated by tabs. The output of each trial stays in the folder $2.
set -uo pipefail
results=$1
logs=$2
mkdir -p "$logs"
export AILAB_HOME=${AILAB_HOME:-$HOME/compat} LANG=C.UTF-8
lab=(--auto --quick)
lab5=${COMPAT_LAB5:-/opt/ailab/labs}

note() {
    local detail
    detail=$(printf '%s' "${3:-}" | tr '\t\n' '  ' | cut -c1-300)
    printf '%s\t%s\t%s\n' "$1" "$2" "$detail" >>"$results"
    echo "compat: $1: $2 $detail" >&2
}
# The first task that failed in a stream of events, and why.
error_of() {
    jq -rs '[.[] | select(.type == "taskFinished" and .error != null and .outcome == "failed")]
        | first // empty | .task + ": " + .error.message.en + " " + (.error.cause // "")' "$1" 2>/dev/null
}
# Runs a trial: its name, then a command. Its time is the detail of a success.
try() {
    local name=$1 start=$SECONDS
    shift
    if "$@" >"$logs/$name.out" 2>"$logs/$name.err"; then
        note "$name" passes "$((SECONDS - start)) s"
    else
        local status=$? why
        why=$(error_of "$logs/$name.out")
        note "$name" fails "${why:-exit code $status: $(grep -v '^$' "$logs/$name.err" "$logs/$name.out" -h | tail -1)}"
    fi
}

# The same for a trial that asks for a GPU. An engine that can't give one is told from one that fails: ailab refuses before anything runs.
try_gpu() {
    local name=$1 start=$SECONDS why
    shift
    if "$@" >"$logs/$name.out" 2>"$logs/$name.err"; then
        note "$name" passes "$((SECONDS - start)) s"
        return 0
    fi
    if cat "$logs/$name.out" "$logs/$name.err" | grep -q 'gpu.unavailable'; then
        note "$name" refused "$(jq -rs '[.[].error? // empty] | first // empty | .message.en' "$logs/$name.out" 2>/dev/null)"
    else
        why=$(error_of "$logs/$name.out")
        note "$name" fails "${why:-$(grep -v '^$' "$logs/$name.err" "$logs/$name.out" -h | tail -1)}"
    fi
    return 1
}

# Builds one of the Dockerfiles and runs what was built.
try_file() {
    local name=$1 task out=$logs/Dockerfile.$1.out
    task=$(awk -v title="\"$name: what was built\"" '/- id:/ { id = $3 } index($0, title) { gsub(/"/, "", id); print id }' "$AILAB_LABS/compat.yaml")
    if ailab step "$task" --lab compat --auto --json >"$out" 2>"$logs/Dockerfile.$name.err"; then
        note "Dockerfile.$name" built
    elif jq -se 'any(.type == "taskFinished" and .error.code == "dockerfile.errors")' "$out" >/dev/null; then
        note "Dockerfile.$name" refused "$(error_of "$out")"
    else
        note "Dockerfile.$name" fails "$(error_of "$out")"
    fi
}

try doctor ailab doctor --json
# The short trial: containers, a build by BuildKit and a GPU, on the small image that step 2 makes.
if [ -n "${COMPAT_SHORT:-}" ]; then
    try containers ailab step 2 --auto --json
    cp -r "$COMPAT_LABS" "$HOME/labs"
    sed -i -e '/adapted: true/d' -e 's/- debian: .*/- busybox: {tag: "ailab\/standin-alpine:latest", command: [\/bin\/sh], files: []}/' "$HOME/labs/compat.yaml"
    export AILAB_LABS=$HOME/labs
    try_file heredoc
    try_file cache-mount
    try gpu ailab step 2.1 --lab compat --auto --device gpu --json
    exit
fi
try lab ailab step all "${lab[@]}" --json
try again ailab step all "${lab[@]}" --json
repeated=$(jq -r 'select(.type == "taskStarted").task' "$logs/again.out" | paste -sd ' ')
[ -z "$repeated" ] || note again fails "ran again although they were done: $repeated"
# Load on a stopped server says how to start it. That command is tried as printed.
ailab load mnist --duration 1s --json >"$logs/advice.out" 2>"$logs/advice.err"
advice=$(grep -ohE '`ailab step [^`]*`' "$logs/advice.out" "$logs/advice.err" | head -1 | tr -d '`')
if [ -n "$advice" ]; then
    # shellcheck disable=SC2086
    try advice $advice
else
    note advice fails "load on a stopped server doesn't say how to start it"
    ailab step 4.11 "${lab[@]}" --force >/dev/null 2>&1
fi
try load ailab load mnist --duration 5s --json
try top ailab top --once --json
top=$(jq -rs '.[0].containers | (.list[]? | select(.name | test("serving")) | if .memory == null then empty else "\(.memory / 1048576 | floor) MiB" end), (.absence.reason.en? // empty)' "$logs/top.out" 2>/dev/null | paste -sd ' ')
note measures "${top:+shown}" "$top"
try report ailab report --output "$logs/report.html"
export AILAB_LABS=$COMPAT_LABS
for file in "$COMPAT_LABS"/compat/Dockerfile.*; do try_file "${file##*.}"; done
if [ -n "${COMPAT_CDI:-}" ]; then
    try_gpu gpu ailab step 2.1 --lab compat --auto --device gpu --json
    # The lab's own training asks for the GPU, too. Its image would be gigabytes of CUDA, so this copy of the lab builds the CPU's, and its
    # program first prints what the engine gave and then trains on the CPU.
    rm -rf "$HOME/gpu-labs"
    cp -r "$lab5" "$HOME/gpu-labs"
    train=$HOME/gpu-labs/lab5/train
    cp "$train/Dockerfile.cpu" "$train/Dockerfile.gpu"
    sed -i '1i import os, sys\
print("The engine gave:", os.environ.get("AILAB_CDI_DEVICE"), os.path.exists("/dev/net/tun"), flush=True)\
sys.argv = ["cpu" if word == "gpu" else word for word in sys.argv]' "$train/train.py"
    export AILAB_LABS=$HOME/gpu-labs AILAB_HOME=$HOME/gpu
    # Containers and images of two workspaces need names of their own.
    if try_gpu training ailab step 3.5 "${lab[@]}" --set prefix=gpu- --set train_tag=gpu_train:latest --device gpu --json; then
        asked=$(jq -r 'select(.type == "deviceChosen").reason.en' "$logs/training.out" | head -1)
        gave=$(ailab logs 3.5 2>&1 | grep -oE 'The engine gave: [A-Za-z0-9]+ (True|False)' | head -1)
        case $gave in
            "The engine gave: all True") note training passes "${asked#requested with --device gpu, }; the container has AILAB_CDI_DEVICE=all and /dev/net/tun" ;;
            *) note training fails "$asked; $gave" ;;
        esac
    fi
    unset AILAB_LABS
    ailab clean --yes --json >"$logs/clean-gpu.out" 2>&1 || note clean fails "$(tail -1 "$logs/clean-gpu.out")"
    export AILAB_HOME=$HOME/compat
fi
unset AILAB_LABS
try clean ailab clean --yes --json
left=$(curl -s --unix-socket "${DOCKER_HOST#unix://}" 'http://d/containers/json?all=1&filters=%7B%22label%22%3A%5B%22ailab.workspace%22%5D%7D' | jq length)
[ "${left:-0}" = 0 ] || note clean fails "$left containers are left"
