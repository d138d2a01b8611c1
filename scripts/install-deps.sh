#!/bin/sh
# Installs what ailab is built with, with --engine what a container engine of its own needs, and with --tests what the tests use
# besides. Installs nothing that is there.
#   scripts/install-deps.sh [--engine | --tests]
# Exit code 3: something is missing and cannot be installed from here; the command that would do it is printed.
set -eu

say() { echo "install-deps: $*" >&2; }

engine=no
tests=no
for argument in "$@"; do
    case $argument in
        --engine) engine=yes ;;
        --tests) engine=yes tests=yes ;;
        *) say "usage: $0 [--engine | --tests]"; exit 2 ;;
    esac
done

has_header() {
    for folder in /usr/include /usr/local/include /usr/include/*-linux-gnu*; do
        [ -e "$folder/$1" ] && return 0
    done
    return 1
}
has_program() {
    for folder in $(echo "$PATH" | tr ':' ' ') /usr/local/sbin /usr/sbin /sbin; do
        [ -x "$folder/$1" ] && return 0
    done
    return 1
}

missing=
# What is looked at is the thing itself, so that a library built by hand or of another package name counts too.
has_header curses.h || missing="$missing libncurses-dev"
has_header yaml.h || missing="$missing libyaml-dev"
has_header curl/curl.h || missing="$missing libcurl4-openssl-dev"
if [ $engine = yes ]; then
    has_program dockerd || missing="$missing docker.io"
    has_program iptables || missing="$missing iptables"
    has_program mmdebstrap || missing="$missing mmdebstrap"
fi
if [ $tests = yes ]; then
    for program in tmux openssl python3 curl; do has_program $program || missing="$missing $program"; done
    has_program ip || missing="$missing iproute2"
    # docker's client brings no more than a name and a port lookup to the tests; every docker.io has it.
    has_program docker || missing="$missing docker.io"
fi
[ -n "$missing" ] || exit 0

install="apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends$missing"
update="apt-get -o DPkg::Lock::Timeout=300 update"
if ! has_program apt-get; then
    say "missing:$missing (Debian's names); this system has no apt-get, so install them with its own package manager"
    exit 3
fi
if [ "$(id -u)" = 0 ]; then
    sudo=
elif has_program sudo && sudo -n true 2>/dev/null; then
    sudo="sudo -n"
elif has_program sudo && [ -t 0 ]; then
    sudo=sudo
else
    say "missing:$missing"
    say "run this as root:"
    echo "sudo $update && sudo $install"
    exit 3
fi

DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
say "installing:$missing"
# The lists of packages are fetched only where they are missing or too old to name what is wanted. sudo drops the variable, so it is named.
# shellcheck disable=SC2086
if $sudo env DEBIAN_FRONTEND=noninteractive $install >/dev/null 2>&1; then
    say "done"
    exit 0
fi
say "fetching the lists of packages first"
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive $update >&2
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive $install >&2
say "done"
