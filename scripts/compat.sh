#!/usr/bin/env bash
# Tries ailab on container engines of other versions, each in a machine of its own (Tests/Compat/machine.sh), and writes what happened to
# docs/engines.md. Needs root, and half an hour to an hour for all of them.
#   scripts/compat.sh [ENGINE…]      some engines of the list below; the rows of the others stay as they are
#   scripts/compat.sh --page ENGINE… writes their rows from the results of a run that was interrupted later
#   scripts/compat.sh --short ENGINE tries only what differs between Docker engines, in three minutes, and writes no page. `make test` does
#                                    this. Exit code 77: the engine can't run on this machine, and the last line says why.
#   --parts "PART…" ENGINE… tries only some of: lab files gpu resources restart. The other rows and tables stay as they are.
# AILAB is the program to try. JOBS machines run at the same time, as long as they have different file systems.
set -euo pipefail
cd "$(dirname "$0")/.."
ailab=${AILAB:-.build/release/ailab}
export MACHINES=${MACHINES:-/var/tmp/ailab-machines}
work=${COMPAT_WORK:-.build/compat}
page=${COMPAT_PAGE:-docs/engines.md}
say() { echo "compat: $*" >&2; }
machine() { Tests/Compat/machine.sh "$@"; }

# Name, suite, kind, user, and the options of dockerd.
engines='
docker-bookworm               bookworm  docker  root
docker-trixie                 trixie    docker  root
docker-trixie-rootless        trixie    docker  student
docker-sid                    sid       docker  root
docker-sid-containerd         sid       docker  root     --feature=containerd-snapshotter=true
docker-sid-rootless           sid       docker  student
podman-bookworm               bookworm  podman  root
podman-trixie                 trixie    podman  root
podman-trixie-rootless        trixie    podman  student
podman-sid                    sid       podman  root
podman-sid-rootless           sid       podman  student
'
[ "$(id -u)" = 0 ] || { say "needs root"; exit 3; }
[ -x "$ailab" ] || { say "no $ailab: make release"; exit 3; }
mkdir -p "$work"

# Copies the program, the labs and the trial into a file system.
install_ailab() {
    local root=$1
    rm -rf "$root/opt/ailab"
    mkdir -p "$root/opt/ailab" "$root/usr/local/bin"
    cp "$ailab" "$root/opt/ailab/ailab"
    # A debug build finds Swift's libraries at the place where they are here. A release has none. Other libraries may be missing there.
    ldd "$ailab" | awk '$3 ~ /^\// { print $3 }' | while read -r library; do [ -e "$root$library" ] || install -D "$library" "$root$library"; done
    printf '#!/bin/sh\nexport AILAB_LABS=${AILAB_LABS:-/opt/ailab/labs}\nexec /opt/ailab/ailab "$@"\n' >"$root/usr/local/bin/ailab"
    chmod 755 "$root/usr/local/bin/ailab"
    cp -r labs "$root/opt/ailab/labs"
    cp -r Tests/Compat/lab "$root/opt/ailab/compat"
    # In every build, the files of the context have these times.
    find "$root/opt/ailab/compat/compat/context" -exec touch -h -d 2020-01-02T03:04:05Z {} +
    cp Tests/Compat/try.sh "$root/opt/ailab/try.sh"
    install -D -m 644 Tests/Compat/gpu.yaml "$root/etc/cdi/nvidia.yaml"
}

# The shell that starts an engine in its machine and waits until it answers. $1 kind, $2 user, $3 folder for its data, then dockerd's options.
start_engine='
kind=$1 user=$2 data=$3
shift 3
mkdir -p /var/log/compat
cd /
if [ "$user" = root ]; then
    export HOME=/root
    case $kind in
        docker) socket=/run/docker.sock; setsid dockerd --data-root "$data" --mtu 1400 "$@" >/var/log/compat/engine.log 2>&1 </dev/null & ;;
        podman) socket=/run/podman.sock; setsid podman --root "$data" system service -t 0 "unix://$socket" >/var/log/compat/engine.log 2>&1 </dev/null & ;;
    esac
else
    id=$(id -u "$user")
    export XDG_RUNTIME_DIR=/run/user/$id
    install -d -m 700 -o "$user" "$XDG_RUNTIME_DIR"
    install -d -o "$user" "$data"
    chmod 666 /dev/net/tun /dev/fuse 2>/dev/null
    as() { runuser -u "$user" -- env HOME="/home/$user" XDG_RUNTIME_DIR="$XDG_RUNTIME_DIR" PATH="$PATH:/usr/sbin:/sbin:/usr/share/docker.io/contrib" setsid "$@"; }
    case $kind in
        docker)
            socket=$XDG_RUNTIME_DIR/docker.sock
            as env DOCKERD_ROOTLESS_ROOTLESSKIT_MTU=1400 dockerd-rootless.sh --data-root "$data" --mtu 1400 "$@" >/var/log/compat/engine.log 2>&1 </dev/null & ;;
        podman)
            socket=$XDG_RUNTIME_DIR/podman.sock
            as podman --root "$data" system service -t 0 "unix://$socket" >/var/log/compat/engine.log 2>&1 </dev/null & ;;
    esac
fi
for try in $(seq 120); do
    if curl -fs --unix-socket "$socket" http://d/_ping >/dev/null; then echo "unix://$socket"; exit 0; fi
    sleep 0.5
done
tail -5 /var/log/compat/engine.log >&2
exit 1
'

# Restarts the engine in the middle of a training. A restart ends Docker's containers, unless its setting live-restore is on, and then it's killed
# here. Podman's containers never depend on its service.
try_restarts() {
    local in=$1 root=$2 kind=$3 user=$4 data=$5
    shift 5
    local results=$root/var/lib/compat/results/results
    if [ "$kind" = podman ]; then
        try_restart restart KILL podman
    else
        try_restart restart TERM dockerd "$@" --live-restore
        try_restart live-restore KILL dockerd "$@" --live-restore
    fi
}
# One restart: its name, the signal, the engine's process, and the options of its next start. Uses what try_restarts knows.
try_restart() {
    local name=$1 signal=$2 process=$3 out=$root/var/lib/compat/results/$1.out start=$SECONDS status=0 run
    shift 3
    machine in "$in" "${student[@]}" AILAB_HOME="/var/lib/compat/home/compat" LANG=C.UTF-8 \
        ailab step 3.5 --auto --quick --epochs 8 --force --json >"$out" 2>&1 &
    run=$!
    for _ in $(seq 1200); do
        if grep -q '"task":"3.5".*"type":"metric"' "$out" 2>/dev/null || ! kill -0 $run 2>/dev/null; then break; fi
        sleep 0.5
    done
    machine in "$in" pkill "-$signal" -u "$user" -x "$process" || true
    for _ in $(seq 120); do machine in "$in" pgrep -u "$user" -x "$process" >/dev/null || break; sleep 0.5; done
    machine in "$in" bash -c "$start_engine" start "$kind" "$user" "$data" "$@" >/dev/null || true
    wait $run || status=$?
    if [ $status = 0 ] && grep -q '"engine.back"' "$out"; then
        printf '%s\tpasses\t%s s\n' "$name" $((SECONDS - start)) >>"$results"
    else
        printf '%s\tfails\t%s\n' "$name" "$(jq -rs '[.[].error? // empty | .message.en] | first // "the run did not notice it"' "$out" 2>/dev/null | tr '\t\n' '  ' | cut -c1-300)" >>"$results"
    fi
    say "$(tail -1 "$results")"
}

# Tries one engine. Its results are in $work/NAME/results. $2 is the file system of its machine.
try_engine() {
    local name=$1 suite=$2 kind=$3 user=$4 number=$5
    shift 5
    local root=$MACHINES/$suite in=${suite/+/-} data=/var/lib/compat/$name home host
    say "$name"
    rm -rf "${work:?}/$name"
    mkdir -p "$work/$name"
    machine up "$in" "$suite" "$number" || return 0
    install_ailab "$root"
    rm -rf --one-file-system "$root$data" "$root/var/lib/compat/results" "$root/var/lib/compat/home"
    home=/var/lib/compat/home
    mkdir -p "$root$data" "$root/var/lib/compat/results" "$root$home"
    machine in "$in" chown "$user" /var/lib/compat/results "$home"
    if host=$(machine in "$in" bash -c "$start_engine" start "$kind" "$user" "$data" "$@"); then
        machine in "$in" curl -fs --unix-socket "${host#unix://}" http://d/version >"$work/$name/version.json"
        machine in "$in" curl -fs --unix-socket "${host#unix://}" http://d/info >"$work/$name/info.json"
        student=(runuser -u "$user" -- env HOME="$home" DOCKER_HOST="$host" XDG_RUNTIME_DIR="/run/user/$(chroot "$root" id -u "$user")"
            PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin COMPAT_LABS=/opt/ailab/compat COMPAT_CDI=1 COMPAT_SHORT=$short)
        local trial=(bash /opt/ailab/try.sh /var/lib/compat/results/results /var/lib/compat/results/logs)
        machine in "$in" "${student[@]}" COMPAT_PARTS="$parts" "${trial[@]}" || true
        case " $parts " in *" restart "*) try_restarts "$in" "$root" "$kind" "$user" "$data" "$@" ;; esac
        case " $parts " in *" lab "*) [ -n "$short" ] || machine in "$in" "${student[@]}" COMPAT_PARTS=clean "${trial[@]}" || true ;; esac
        cp -r "$root/var/lib/compat/results/." "$work/$name/"
    else
        printf 'engine\tfails\tit did not start\n' >"$work/$name/results"
    fi
    cp "$root/var/log/compat/engine.log" "$work/$name/" 2>/dev/null || true
    machine down "$in" "$number"
    # What containers of an ordinary user wrote belongs to IDs that only root may remove.
    for mount in $(awk -v root="$root$data" 'index($2, root) == 1 { print $2 }' /proc/mounts | sort -r); do umount -l "$mount"; done
    rm -rf --one-file-system "$root$data" "$root$home"
}

# Ends a short trial. Whether the engine runs here depends on this machine and on a mirror, so that's told apart from what ailab does on it.
end_short() {
    local results=$work/$1/results version
    version=$(jq -r .Version "$work/$1/version.json" 2>/dev/null || echo "?")
    if grep -q '^engine' "$results" 2>/dev/null || [ ! -e "$results" ]; then
        say "$1 was not tried: it doesn't start here: $(tail -1 "$work/$1/engine.log" 2>/dev/null || true)"
        exit 77
    fi
    if awk -F'\t' '$2 == "fails" { found = 1; print "compat: " $1 " fails: " $3 } END { exit !found }' "$results" >&2; then
        say "ailab fails on $1 ($version); $work/$1/logs has the output"
        exit 1
    fi
    say "$1 ($version): everything passes"
    exit 0
}

# A cell of the tables: the result of a trial, or how long it took if it passed. A failure stays a failure, whatever else the trial found.
short() { awk -F'\t' -v trial="$2" '$1 == trial { if (line != "**fails**") line = ($2 == "passes" ? "✓ " $3 : $2 == "fails" ? "**fails**" : $2 == "shown" ? $3 : $2) } END { print line == "" ? "–" : line }' "$work/$1/results"; }

# The part that a trial belongs to, as an awk function.
part_of='function part_of(trial) {
    return trial ~ /^Dockerfile/ ? "files" : trial ~ /^(gpu|training)$/ ? "gpu" : trial ~ /^5\.[0-9]/ ? "resources" : trial ~ /restart|restore/ ? "restart" : "lab"
}'
has() { case " $parts " in *" $1 "*) ;; *) return 1 ;; esac; }

# The rows of an engine in the tables, each with the table's number in front.
rows() {
    local name=$1 user=$2 version api storage line trial file
    version=$(jq -r '(.Components // [] | map(select(.Name == "Podman Engine"))[0].Version) // .Version' "$work/$name/version.json" 2>/dev/null || true)
    api=$(jq -r .ApiVersion "$work/$name/version.json" 2>/dev/null || true)
    storage=$(jq -r '.Driver + (if (.DriverStatus // [] | flatten | index("io.containerd.snapshotter.v1")) then " (containerd)" else "" end)
        + ", cgroups " + (.CgroupDriver // "?")' "$work/$name/info.json" 2>/dev/null || true)
    local about="${version:-?} | $(date -u +%F)"
    if has lab; then
        line="| $name | ${version:-?} | ${api:-?} | ${storage:-?} | $user | $(date -u +%F) |"
        for trial in doctor lab again advice load top measures report gpu clean; do line="$line $(short "$name" $trial) |"; done
        echo "1 $line"
    fi
    if has files; then
        line="| $name | $about |"
        for file in Tests/Compat/lab/compat/Dockerfile.*; do line="$line $(short "$name" "Dockerfile.${file##*.}") |"; done
        echo "2 $line"
    fi
    if has gpu; then
        awk -F'\t' -v name="$name" '$1 == "training" { gsub(/\|/, "/", $3); print "3 | " name " | " ($2 == "passes" ? "✓" : $2 == "fails" ? "**fails**" : $2) " | " $3 " |" }' \
            "$work/$name/results" | tail -1
    fi
    if has resources; then
        line="| $name | $about |"
        for trial in 5.1 5.2 5.3 5.4 5.5; do line="$line $(short "$name" $trial) |"; done
        echo "5 $line"
    fi
    if has restart; then
        line="| $name | $about |"
        for trial in restart live-restore; do line="$line $(short "$name" $trial) |"; done
        echo "6 $line"
    fi
    awk -F'\t' -v name="$name" -v parts=" $parts " "$part_of"'index(parts, " " part_of($1) " ") && $1 != "training" && ($2 == "fails" || $2 == "refused" || $2 == "not here") { gsub(/\|/, "/", $3); print "4 | " name " | " $1 " | " $2 " | " $3 " |" }' \
        "$work/$name/results"
}

# Writes the page: the rows of this run, and those of engines and parts that it did not try.
write_page() {
    local tried= all=$work/rows kept=$work/kept
    : >"$all"
    for name in $1; do
        if grep -q '^engine' "$work/$name/results"; then say "$name did not start: its rows stay as they are"; else tried="$tried $name"; fi
    done
    for name in $tried; do rows "$name" "$(awk -v name="$name" '$1 == name { print $4 }' <<<"$engines")" >>"$all"; done
    : >"$kept"
    if [ -e $page ]; then
        awk -v tried=" $tried " -v parts=" $parts " "$part_of"'
            /^## The lab/ { table = 1; part = "lab" }
            /^## Dockerfiles/ { table = 2; part = "files" }
            /^## Training/ { table = 3; part = "gpu" }
            /^## Step 5/ { table = 5; part = "resources" }
            /^## Restarts/ { table = 6; part = "restart" }
            /^## What failed/ { table = 4 }
            /^\| [a-z]+-[a-z-]+ \|/ {
                if (table == 4) part = part_of($4)
                if (index(tried, " " $2 " ") && index(parts, " " part " ")) next
                row = $0
                # A row of a day when the table had fewer columns.
                if (table == 5) for (cells = gsub(/\|/, "|") - 1; cells < 8; cells++) row = row " – |"
                print table, row
            }' $page >"$kept"
    fi
    table() { cat "$all" "$kept" | grep "^$1 " | cut -d' ' -f2- | sort -s -k2,2 || true; }
    {
        cat <<'END'
# Engines

`make compat` writes this page from what it tried, each engine in a machine of its own with the packages of a Debian. A row says what happened on
its date. The rows of engines that a run leaves out stay as they are. [Decision 0013](decisions/0013-buildkit-without-a-session.md) is about
builds, and [podman.md](podman.md) about Podman.

## The lab

- *again*: a second run finds everything done.
- *advice*: the command that `load` prints if the server is stopped, typed as printed.
- *measures*: what `top` says of the server's container: its memory, or why it can't be measured.
- *gpu*: `--device gpu` with a CDI specification of a GPU that doesn't exist. The container's device and environment show that the engine granted it.

| engine | version | API | storage | user | date | doctor | lab | again | advice | load | top | measures | report | gpu | clean |
|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|
END
        table 1
        cat <<'END'

## Dockerfiles

Those of `Tests/Compat/lab/compat`, built and run.

- *same*: Docker's own client (`docker buildx build`, or `docker build` on Docker 20.10) builds the same image. The configuration is the same except for
  ailab's labels. The layers have the same files with the same types, modes, owners, sizes and contents, and the context's files keep their times.
  One file is ailab's: `COPY .` also copies the Dockerfile, as `.ailab.Dockerfile`.
- *built*: built, and a container shows that its instructions ran. It isn't compared: Podman has another client, and Docker's classic builder doesn't
  know a cache mount.
- *refused*: ailab names the line and what to write before anything is built.

END
        printf '| engine | version | date |'
        for file in Tests/Compat/lab/compat/Dockerfile.*; do printf ' %s |' "${file##*.}"; done
        printf '\n|---|---|---|'
        for file in Tests/Compat/lab/compat/Dockerfile.*; do printf -- '---|'; done
        echo
        table 2
        cat <<'END'

## Training with a GPU

The lab's own training, `ailab step 3.5 --device gpu`, with a CDI specification of a GPU that doesn't exist. The lab's image with CUDA would be
gigabytes, so this copy of the lab builds the one for the CPU. Its program prints what the engine gave, and then trains on the CPU.

| engine | result | how the run asked, and what its container had |
|---|---|---|
END
        table 3
        cat <<'END'

## Step 5

`ailab step 5.1` to `5.5`: a GPU in three ways, workers and batches, limits, two versions of a model, a cluster. *not here*: ailab says that this machine
or engine can't do it, and why. –, and an engine without a row: not tried.

| engine | version | date | 5.1 | 5.2 | 5.3 | 5.4 | 5.5 |
|---|---|---|---|---|---|---|---|
END
        table 5
        cat <<'END'

## Restarts

The engine goes away in the middle of the training of 3.5 and comes back. The run waits for it and ends well.

- *restart*: the engine gets the signal to end, as by `systemctl restart`. Docker also ends its containers. Podman's service is killed, and its containers
  run on.
- *live-restore*: dockerd with this setting is killed, and its containers run on.

An engine without a row wasn't tried.

| engine | version | date | restart | live-restore |
|---|---|---|---|---|
END
        table 6
        printf '\n## What failed or was refused\n\n| engine | trial | result | what was said |\n|---|---|---|---|\n'
        table 4
        cat <<'END'

## What cannot be tried or passed, and why

- **Docker 29** isn't in Debian. docker-sid-containerd covers what a fresh Docker 29 changes: its images lie in containerd's store.
- **A GPU on Docker 20.10 and 26.1** needs NVIDIA's hook or runtime and a driver. These engines don't tell whether they have CDI devices, and Docker 26
  has them only if its setting `features.cdi` is on.
- **A GPU on Podman 4.3** isn't possible: it accepts the request and ignores it, so ailab refuses.
- **`COPY --link` on Podman 4.3 and 5.4** isn't possible: their builder doesn't know it, so ailab names the line before anything is built.
- **Rootless engines without cgroups** can't measure or limit a container. `top` says so instead of showing the whole machine's numbers.
END
    } >"$work/page"
    cp "$work/page" $page
}

only_page=no short= parts="lab files gpu resources restart"
if [ "${1:-}" = --parts ]; then parts=$2; shift 2; fi
case ${1:-} in
    --page) only_page=yes; shift ;;
    --short) short=1 parts=lab; shift ;;
esac
wanted=${*:-$(awk 'NF { print $1 }' <<<"$engines")}
for name in $wanted; do awk -v name="$name" '$1 == name { found = 1 } END { exit !found }' <<<"$engines" || { say "no engine $name"; exit 2; }; done
# Results of an earlier run aren't those of this one.
if [ $only_page = no ]; then for name in $wanted; do rm -f "$work/$name/results"; done; fi
# Only the whole trial needs all packages.
suites=$(for name in $wanted; do awk -v name="$name" -v kind="${short:++docker}" '$1 == name { print $2 kind }' <<<"$engines"; done | sort -u)
if [ $only_page = yes ]; then suites=; fi
for suite in $suites; do
    made=0
    machine make "$suite" >"$work/make.log" 2>&1 || made=$?
    [ $made = 0 ] && continue
    cat "$work/make.log" >&2
    say "no machine of $suite could be made: $(grep -v '^$' "$work/make.log" | tail -1)"
    if [ -n "$short" ]; then exit 77; else exit 1; fi
done
# Engines of one suite run one after the other, because they share a file system.
for suite in $suites; do
    # Each suite has an address of its own, so that two runs of this script can try different suites.
    number=$((201 + ${short:-0} * 20 + $(awk 'NF && !seen[$2]++ { print $2 }' <<<"$engines" | grep -nx "${suite%+docker}" | cut -d: -f1)))
    while read -r name of kind user options; do
        case " $wanted " in *" $name "*) ;; *) continue ;; esac
        # shellcheck disable=SC2086
        [ "$of" = "${suite%+docker}" ] && try_engine "$name" "$suite" "$kind" "$user" $number $options </dev/null
    done <<<"$engines" &
    [ "${JOBS:-1}" -gt 1 ] || wait
done
wait
if [ -n "$short" ]; then end_short "$wanted"; fi
tried=$(for name in $wanted; do [ ! -e "$work/$name/results" ] || echo "$name"; done)
write_page "$(echo $tried)"
say "wrote $page"
[ "$(wc -w <<<"$tried")" = "$(wc -w <<<"$wanted")" ] || { say "not all engines could be tried: $(echo $tried) of $(echo $wanted)"; exit 1; }
! awk -F'\t' '$2 == "fails" { found = 1 } END { exit !found }' $(for name in $tried; do echo "$work/$name/results"; done)
