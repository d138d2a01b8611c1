#!/usr/bin/env bash
# Runs in a machine of `machine.sh`, as the user of its engine, with DOCKER_HOST set: tries what a student does, and writes one line for each
# trial to the file $1: trial, result, detail, separated by tabs. The output of each trial stays in the folder $2. COMPAT_PARTS names the parts
# to try: lab, files, gpu, resources, clean.
set -uo pipefail
results=$1
logs=$2
mkdir -p "$logs"
export AILAB_HOME=${AILAB_HOME:-$HOME/compat} LANG=C.UTF-8
# Nobody else uses the engine, so a swarm may begin on it.
lab=(--auto --quick --set begin_swarm=yes)
lab5=${COMPAT_LAB5:-/opt/ailab/labs}
parts=" ${COMPAT_PARTS:-lab files gpu resources clean} "
tries() { case $parts in *" $1 "*) ;; *) return 1 ;; esac; }

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

# Where the web server of the Dockerfiles listens. A rootless engine can't reach this machine's 127.0.0.1.
site=http://$(ip -4 -o address show dev eth0 | awk '{ sub("/.*", "", $4); print $4; exit }'):8077

# Builds one of the Dockerfiles and runs what was built.
try_file() {
    local name=$1 task out=$logs/Dockerfile.$1.out why
    task=$(awk -v title="\"$name: what was built\"" '/- id:/ { id = $3 } index($0, title) { gsub(/"/, "", id); print id }' "$AILAB_LABS/compat.yaml")
    if ailab step "$task" --lab compat --auto --set site="$site" --json >"$out" 2>"$logs/Dockerfile.$name.err"; then
        if ! can_compare "$name"; then
            note "Dockerfile.$name" built
        elif why=$(compare "$name" 2>"$logs/Dockerfile.$name.compared"); then
            note "Dockerfile.$name" same
        else
            note "Dockerfile.$name" fails "$why"
        fi
    elif jq -se 'any(.type == "taskFinished" and .error.code == "dockerfile.errors")' "$out" >/dev/null; then
        note "Dockerfile.$name" refused "$(error_of "$out")"
    else
        note "Dockerfile.$name" fails "$(error_of "$out")"
    fi
}

# Whether Docker's own client can build a Dockerfile here. Its classic builder doesn't know the instructions of `cache-mount`, and Podman has another
# client.
can_compare() {
    case $DOCKER_HOST in *podman*) return 1 ;; esac
    command -v docker >/dev/null && [ -z "${COMPAT_SHORT:-}" ] && { docker buildx version >/dev/null 2>&1 || [ "$1" != cache-mount ]; }
}

# Builds the same Dockerfile with Docker's own client and compares the images. Prints how they differ.
compare() {
    local name=$1 context=$HOME/client-context builder=(build)
    ! docker buildx version >/dev/null 2>&1 || builder=(buildx build --load)
    rm -rf "$context"
    cp -a "$AILAB_LABS/compat/context" "$context"
    # Nothing here can reach the registry from which this line makes BuildKit fetch its parser.
    sed '/^# *syntax=/d' "$AILAB_LABS/compat/Dockerfile.$name" >"$HOME/client-Dockerfile"
    docker "${builder[@]}" --no-cache -t "client-$name" --build-arg BASE=ailab/lab5-base:trixie --build-arg SITE="$site" -f "$HOME/client-Dockerfile" \
        "$context" >&2 || { echo "docker's own client can't build it"; return 1; }
    describe "compat-$name:latest" >"$logs/$name.ours"
    describe "client-$name" >"$logs/$name.theirs"
    docker rmi -f "client-$name" >/dev/null
    diff "$logs/$name.theirs" "$logs/$name.ours" >"$logs/$name.diff" || { echo "not what docker's own client builds: $(grep '^[<>]' "$logs/$name.diff" | head -4)"; return 1; }
}

# What an image consists of: its configuration without ailab's labels, and each layer that the base doesn't have, with the files' types, modes,
# owners, sizes and contents. Of the times, only those of the context's files can be the same in two builds. `COPY .` copies the Dockerfile that
# ailab sends, and Docker's own client writes the name of its own into .dockerignore if it has no buildx.
describe() {
    local image=$1 folder layer number=0 base
    folder=$(mktemp -d)
    local known='/\.ailab\.Dockerfile$'
    docker buildx version >/dev/null 2>&1 || known="$known|/\.dockerignore$"
    docker image inspect "$image" | jq -S '.[0] | {Architecture, Os, config: (.Config | del(.Image, .Hostname) |
        .Labels |= ((. // {}) | with_entries(select(.key | startswith("ailab.") | not)))
        | with_entries(select(.value != null and .value != "" and .value != false and .value != {} and .value != [])))}'
    base=$(docker image inspect -f '{{range .RootFS.Layers}}{{.}} {{end}}' ailab/lab5-base:trixie)
    docker save "$image" | tar -x -C "$folder"
    for layer in $(docker image inspect -f '{{range .RootFS.Layers}}{{.}} {{end}}' "$image"); do
        number=$((number + 1))
        case $base in *"$layer"*) echo "layer $number: the base's"; continue ;; esac
        echo "layer $number:"
        layer=$folder/$(jq -r ".[0].Layers[$((number - 1))]" "$folder/manifest.json")
        TZ=UTC tar --numeric-owner --full-time -tvf "$layer" | sed -E 's/20(2[1-9]|[3-9][0-9])-[0-9-]+ [0-9:.]+/now/' | { grep -vE "$known" || true; } | sort
        mkdir "$folder/files"
        tar -x --no-same-owner --no-same-permissions --exclude='dev/*' -C "$folder/files" -f "$layer"
        chmod -R u+rwX "$folder/files"
        (cd "$folder/files" && find . -type f -print0 | sort -z | xargs -0r sha256sum) | { grep -vE "$known" || true; }
        rm -rf "$folder/files"
    done
    rm -rf "$folder"
}

# Tries a sub-step of step 5, unless the whole lab did it. A machine that can't do it is told from a failure.
try_resource() {
    local task=$1 out=$logs/$1.out ended
    if [ -e "$logs/lab.out" ]; then out=$logs/lab.out; else ailab step "$task" "${lab[@]}" --json >"$out" 2>"$logs/$task.err"; fi
    ended=$(jq -c --arg task "$task" 'select(.type == "taskFinished" and .task == $task)' "$out" | tail -1)
    case $(jq -r .outcome <<<"$ended") in
        succeeded) note "$task" passes "$(jq '.seconds | floor' <<<"$ended") s" ;;
        unavailable) note "$task" "not here" "$(jq -r '.error | .message.en + " " + (.hint.en // "")' <<<"$ended")" ;;
        *) note "$task" fails "$(error_of "$out")" ;;
    esac
}

if tries lab || [ -n "${COMPAT_SHORT:-}" ]; then try doctor ailab doctor --json; fi
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
if tries lab; then
    try lab ailab step all "${lab[@]}" --json
    try again ailab step all "${lab[@]}" --json
    # What this machine can't do is tried again each time.
    repeated=$(jq -rs '[.[] | select(.type == "taskFinished" and .outcome == "unavailable").task] as $unavailable
        | .[] | select(.type == "taskStarted").task | select(IN($unavailable[]) | not)' "$logs/again.out" | paste -sd ' ')
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
fi
if tries resources; then
    for task in 5.1 5.2 5.3 5.4 5.5; do try_resource "$task"; done
fi
export AILAB_LABS=$COMPAT_LABS
if tries files; then
    busybox httpd -f -p "${site##*:}" -h "$COMPAT_LABS/compat/context" &
    server=$!
    for file in "$COMPAT_LABS"/compat/Dockerfile.*; do try_file "${file##*.}"; done
    kill "$server"
fi
if tries gpu && [ -n "${COMPAT_CDI:-}" ]; then
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
tries clean || exit 0
try clean ailab clean --yes --json
left=$(curl -s --unix-socket "${DOCKER_HOST#unix://}" 'http://d/containers/json?all=1&filters=%7B%22label%22%3A%5B%22ailab.workspace%22%5D%7D' | jq length)
[ "${left:-0}" = 0 ] || note clean fails "$left containers are left"
