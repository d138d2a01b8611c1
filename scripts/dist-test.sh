#!/usr/bin/env bash
# Installs what `make dist` made in bare root file systems, without Swift and compilers, and does what a person would do first: the demo from the
# tarball, and then the two commands of the README that install the package and do steps 1 and 2 of the lab, on an engine that the package's
# recommendations brought. The times go into docs/performance.md if UPDATE_DOCS=1.
#   scripts/dist-test.sh [SUITE…]     default: bookworm trixie sid
# Needs root, mmdebstrap and no other engine on this machine. Each suite takes some minutes and 1.5 GB below /var/tmp.
set -euo pipefail
cd "$(dirname "$0")/.."
say() { echo "dist-test: $*" >&2; }
[ "$(id -u)" = 0 ] || { say "root is needed, to make root file systems and to start an engine"; exit 3; }
deb=$(echo dist/ailab_*.deb) tarball=$(echo dist/ailab-*-linux-*.tar.gz)
[ -e "$deb" ] && [ -e "$tarball" ] || { say "make dist first"; exit 2; }
(cd dist && sha256sum --quiet -c SHA256SUMS)
suites=("$@")
[ $# -gt 0 ] || suites=(bookworm trixie sid)
# The commands as the README has them; root needs no sudo.
install=$(sed -n 's/^    sudo \(apt install .*\)$/\1/p' README.md)
steps=$(sed -n 's/.*`\(ailab step 1-2 [^`]*\)`.*/\1/p' README.md)
[ -n "$install" ] && [ -n "$steps" ] || { say "the README doesn't have the two commands"; exit 1; }
base=$(mktemp -d /var/tmp/ailab-dist.XXXXXX)
trap 'rm -rf --one-file-system "$base"' EXIT

# Runs the rest of the arguments in a root file system, in namespaces of its own, so that what it starts ends with it.
inside() {
    local root=$1
    shift
    unshare --mount --pid --fork --ipc --uts --kill-child bash -euc '
        root=$1; shift
        mount --make-rprivate /
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"
        mount -t sysfs sysfs "$root/sys"
        mount --rbind /sys/fs/cgroup "$root/sys/fs/cgroup"
        mount --rbind /dev "$root/dev"
        mount -t tmpfs tmpfs "$root/run"
        mkdir -p "$root/run/lock"
        exec chroot "$root" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=xterm LANG=C.UTF-8 "$@"
    ' _ "$root" "$@"
}

status=0
for suite in "${suites[@]}"; do
    root=$base/$suite
    say "$suite: a bare system"
    mmdebstrap --quiet --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' "$suite" "$root"
    # What this machine's network needs: name servers and certificates.
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    if ls /usr/local/share/ca-certificates/*.crt >/dev/null 2>&1; then
        mkdir -p "$root/usr/local/share/ca-certificates"
        cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/"
    fi
    cp "$deb" "$root/root/"
    printf '%s\n' "$install" >"$root/root/install"
    printf '%s\n' "$steps" >"$root/root/steps"
    mkdir -p "$root/opt/ailab"
    tar -xzf "$tarball" -C "$root/opt/ailab" --strip-components=1
    cat >"$root/root/try" <<'END'
set -eu
began=$(date +%s)
say() { echo "  $(($(date +%s) - began)) s: $*"; }
if command -v cc >/dev/null; then echo "a compiler is here"; exit 1; fi
/opt/ailab/bin/ailab --version
/opt/ailab/bin/ailab list >/dev/null
/opt/ailab/bin/ailab --demo --speed 1000 --linear </dev/null | grep -q 'Lab 5'
say "the tarball works without anything else: version, list, demo"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update >/dev/null
cd /root
start=$(date +%s)
echo "  \$ $(cat install)"
sh -c "$(cat install) -y" >/root/apt.log 2>&1 </dev/null || { cat /root/apt.log; exit 1; }
installed=$(date +%s)
say "the package is installed, with what it recommends"
echo "  \$ $(cat steps)"
sh -c "$(cat steps)" </dev/null
done=$(date +%s)
say "steps 1 and 2 are done"
ailab verify 2 >/dev/null
echo "| $(. /etc/os-release && echo "$PRETTY_NAME") | $((installed - start)) s | $((done - installed)) s | $(dockerd --version | sed 's/,.*//') |" >/root/row
ailab engine stop
apt-get -qq purge -y ailab >/dev/null 2>&1
for path in /usr/bin/ailab /usr/share/ailab; do if [ -e "$path" ]; then echo "left: $path"; exit 1; fi; done
say "removed without a trace outside of the workspace"
END
    if inside "$root" bash /root/try; then say "$suite: passed"; cat "$root/root/row" >>"$base/rows"; else say "$suite: FAILED"; status=1; fi
    rm -rf --one-file-system "$root"
done
cat "$base/rows" 2>/dev/null || true
if [ "${UPDATE_DOCS:-}" = 1 ] && [ $status = 0 ]; then
    {
        echo "$(date +%F), $(nproc) cores, load $(cut -d' ' -f1 /proc/loadavg) at the end."
        echo
        echo "| bare system | the first command installs | the second does steps 1 and 2 | engine |"
        echo "|---|---|---|---|"
        cat "$base/rows"
    } >"$base/table"
    sed -i -e '/^<!-- first contact: begin -->$/,/^<!-- first contact: end -->$/{//!d}' docs/performance.md
    sed -i -e "/^<!-- first contact: begin -->$/r $base/table" docs/performance.md
fi
exit $status
