#!/usr/bin/env bash
# Records the demo anew: runs the whole lab on the engine that DOCKER_HOST names, and copies the run into labs/lab5/demo, without this machine's names.
# Step 5 measures this machine, so nothing else may run on it meanwhile. Takes a quarter of an hour.
#   AILAB=FILE AILAB_DEV=FILE   the programs; default: the release builds
# Afterwards: make screens, and the golden screens and reports of the recording (CONTRIBUTING.md).
set -euo pipefail
cd "$(dirname "$0")/.."
ailab=${AILAB:-$PWD/.build/release/ailab}
dev=${AILAB_DEV:-$PWD/.build/release/ailab-dev}
say() { echo "demo: $*" >&2; }
[ -x "$ailab" ] && [ -x "$dev" ] || { say "make release release-dev first"; exit 2; }
busy=$(cut -d' ' -f1 /proc/loadavg)
if awk -v load="$busy" -v cores="$(nproc)" 'BEGIN { exit !(load > cores / 2) }'; then
    say "the load is $busy: wait until nothing else runs"
    exit 3
fi
work=$(mktemp -d /var/tmp/ailab-demo.XXXXXX)
export AILAB_HOME=$work/home AILAB_LABS=$PWD/labs AILAB_LANG=en USER=student LOGNAME=student
unset SUDO_USER
# Nobody else could remove the containers of this workspace.
trap '"$ailab" clean --yes >/dev/null 2>&1 || true; rm -rf "$work"' EXIT
if ! "$ailab" step all --auto --quick --epochs 5 --force --set prefix=lab5-student- --plain >"$work/output" 2>&1; then
    tail -20 "$work/output" >&2
    say "the run failed; labs/lab5/demo stays as it was"
    exit 1
fi
# What a student's own machine has.
"$dev" record 1 labs/lab5/demo --home "$AILAB_HOME" --replace "$AILAB_HOME=/home/student/.local/state/ailab" \
    --replace "$PWD/labs=/usr/local/share/ailab/labs" --replace "${DOCKER_HOST:-unix:///var/run/docker.sock}=unix:///var/run/docker.sock" \
    --replace "\"isPrivate\":true=\"isPrivate\":false"
# Whatever is left of this machine is for a person to look at.
if grep -nF -e "$work" -e "$HOME/" -e "$PWD" labs/lab5/demo/journal.jsonl labs/lab5/demo/output.log | head -5; then
    say "these lines still name this machine"
fi
