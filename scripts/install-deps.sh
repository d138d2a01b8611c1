#!/bin/sh
# Installs the build dependencies of ailab. --engine adds what a private container engine needs, and --tests adds what the tests use.
# Anything that is already there is left alone.
#   scripts/install-deps.sh [--engine | --tests]
# Exit code 3: something is missing and this script can't install it; it says what to do.
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
# Look for the files, not for packages: a library that was built by hand or has another package name counts, too.
has_header curses.h || missing="$missing libncurses-dev"
has_header yaml.h || missing="$missing libyaml-dev"
has_header png.h || missing="$missing libpng-dev"
has_header jpeglib.h || missing="$missing libjpeg-dev"
has_header zlib.h || missing="$missing zlib1g-dev"
has_header curl/curl.h || missing="$missing libcurl4-openssl-dev"
if [ $engine = yes ]; then
    has_program dockerd || missing="$missing docker.io"
    has_program iptables || missing="$missing iptables"
    has_program mmdebstrap || missing="$missing mmdebstrap"
fi
if [ $tests = yes ]; then
    for program in tmux openssl python3 curl; do has_program $program || missing="$missing $program"; done
    has_program ip || missing="$missing iproute2"
    has_program mkfs.ext4 || missing="$missing e2fsprogs"
    has_program nsenter || missing="$missing util-linux"
    # The tests use Docker's client only to look up names and ports; every docker.io contains it.
    has_program docker || missing="$missing docker.io"
    has_program runuser || missing="$missing util-linux"
    has_program useradd || missing="$missing passwd"
    ls /usr/lib/*/faketime/libfaketime.so.1 >/dev/null 2>&1 || missing="$missing libfaketime"
fi
[ -n "$missing" ] || exit 0

install="apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends$missing"
update="apt-get -o DPkg::Lock::Timeout=300 update"
if ! has_program apt-get; then
    say "missing:$missing (Debian's names); this system has no apt-get; install them with its own package manager"
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
    say "run this command:"
    echo "sudo $update && sudo $install"
    exit 3
fi

DEBIAN_FRONTEND=noninteractive
export DEBIAN_FRONTEND
say "installing:$missing"
# Fetch the package lists only if this fails, because they are missing or outdated. sudo drops DEBIAN_FRONTEND, so env sets it again.
# shellcheck disable=SC2086
if $sudo env DEBIAN_FRONTEND=noninteractive $install >/dev/null 2>&1; then
    say "done"
    exit 0
fi
say "updating the package lists first"
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive $update >&2
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive $install >&2
say "done"
