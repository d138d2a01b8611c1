#!/usr/bin/env bash
# A machine of another Debian on this one: a root file system made from the distribution's packages, in namespaces of its own behind NAT.
# So engines of other versions run beside this machine's.
#   machine.sh make SUITE        makes the root file system, once for each suite. SUITE+docker has only what Docker needs
#   machine.sh up NAME SUITE N   starts a machine; N (1 to 250) chooses its address 10.99.N.2
#   machine.sh in NAME COMMAND…  runs a command in it
#   machine.sh down NAME N       ends all its processes
# MACHINES holds the file systems, about 1 GB each. Needs root, iproute2, iptables, mmdebstrap, util-linux. Machines of one suite share its
# file system, so only one of them may be up at a time.
set -euo pipefail
MACHINES=${MACHINES:-/var/tmp/ailab-machines}
mkdir -p "$MACHINES/run"
die() { echo "machine.sh: $*" >&2; exit 2; }

packages=apt,mount,hostname,procps,iproute2,ca-certificates,curl,tar,jq,netbase,passwd,util-linux,mmdebstrap,busybox-static
packages=$packages,docker.io,podman,iptables,nftables,uidmap,slirp4netns,passt
small=apt,mount,hostname,procps,iproute2,ca-certificates,curl,tar,jq,netbase,passwd,util-linux,busybox-static,docker.io,iptables

make_root() {
    local suite=${1%+docker} root=$MACHINES/$1 include=$packages
    [ ! -e "$root/made" ] || return 0
    rm -rf --one-file-system "$root"
    [ "$1" = "$suite" ] || include=$small
    include=$include,libyaml-0-2,libncursesw6
    case $1 in
        bookworm*) include=$include,libcurl4 ;;
        *+docker) include=$include,libcurl4t64 ;;
        *) include=$include,libcurl4t64,docker-cli,docker-buildx,rootlesskit ;;
    esac
    # A mirror's snapshot of an unstable suite may be older than its Release file allows.
    mmdebstrap --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' --include="$include" "$suite" "$root"
    # A build in the machine needs this machine's certificate authorities and package settings.
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    mkdir -p "$root/usr/local/share/ca-certificates"
    cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/" 2>/dev/null || true
    for file in /etc/pip.conf /root/.config/pip/pip.conf; do if [ -e "$file" ]; then install -D "$file" "$root$file"; fi; done
    chroot "$root" update-ca-certificates >/dev/null 2>&1
    chroot "$root" useradd --create-home --shell /bin/bash student
    # Where root may not raise limits, Podman's defaults fail.
    mkdir -p "$root/etc/containers"
    printf '[containers]\ndefault_ulimits = ["nofile=%s:%s", "nproc=%s:%s"]\n' "$(ulimit -n)" "$(ulimit -n)" "$(ulimit -u)" "$(ulimit -u)" \
        >"$root/etc/containers/containers.conf"
    touch "$root/made"
}

# Lets machines reach the network through this one. The file keeps what was forwarded before, and which rules are new. The lock is for
# machines that start and end at the same time.
rules='filter FORWARD -i compat+ -j ACCEPT
filter FORWARD -o compat+ -j ACCEPT
nat POSTROUTING -s 10.99.0.0/16 ! -o compat+ -j MASQUERADE'
borrow_network() (
    exec 9>/run/ailab-compat.lock
    flock 9
    [ ! -e /run/ailab-compat ] || exit 0
    echo "net.ipv4.ip_forward=$(sysctl -n net.ipv4.ip_forward)" >/run/ailab-compat
    sysctl -qw net.ipv4.ip_forward=1
    # First in their chains: Docker's own rules drop what they don't know.
    while read -r table chain rule; do
        # shellcheck disable=SC2086
        iptables -t "$table" -C "$chain" $rule 2>/dev/null || { iptables -t "$table" -I "$chain" 1 $rule; echo "$table $chain $rule" >>/run/ailab-compat; }
    done <<<"$rules"
)
# Takes that back after the last machine.
return_network() (
    exec 9>/run/ailab-compat.lock
    flock 9
    [ -e /run/ailab-compat ] || exit 0
    ip netns list | grep -q '^compat-' && exit 0
    while read -r table chain rule; do
        # shellcheck disable=SC2086
        iptables -t "$table" -D "$chain" $rule 2>/dev/null || true
    done < <(tail -n +2 /run/ailab-compat)
    # An engine that started since needs it.
    [ -e /sys/class/net/docker0 ] || sysctl -qw "$(head -1 /run/ailab-compat)"
    rm -f /run/ailab-compat
)

up() {
    local name=$1 suite=$2 n=$3 root=$MACHINES/$2
    [ -d "$root" ] || die "no $root: machine.sh make $suite"
    down "$name" "$n"
    ip netns add "compat-$name"
    ip link add "compat$n" mtu 1400 type veth peer name eth0 mtu 1400 netns "compat-$name"
    ip addr add "10.99.$n.1/24" dev "compat$n"
    ip link set "compat$n" up
    ip -n "compat-$name" link set lo up
    ip -n "compat-$name" addr add "10.99.$n.2/24" dev eth0
    ip -n "compat-$name" link set eth0 up
    ip -n "compat-$name" route add default via "10.99.$n.1"
    borrow_network
    cat >"$MACHINES/run/$name.init" <<END
set -e
mount --make-rprivate /
mount --bind $root $root
cd $root
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /sys/fs/cgroup sys/fs/cgroup
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
chmod 1777 tmp
mkdir -p run/lock var/old
pivot_root . var/old
umount -l /var/old
mount --make-rshared /
hostname $name
sysctl -qw net.ipv4.ip_forward=1
exec /bin/bash -c 'trap : TERM; while :; do sleep 100000 & wait \$!; done'
END
    nsenter --net="/run/netns/compat-$name" setsid unshare -m -p -f -i -u /bin/bash "$MACHINES/run/$name.init" \
        >"$MACHINES/run/$name.log" 2>&1 </dev/null &
    local outer=$!
    for _ in $(seq 50); do
        if pgrep -P "$outer" >"$MACHINES/run/$name.pid" && nsenter -t "$(cat "$MACHINES/run/$name.pid")" -m test -e /made -a -d /run/lock; then return; fi
        sleep 0.1
    done
    cat "$MACHINES/run/$name.log" >&2
    die "$name did not start"
}

down() {
    local name=$1 n=$2
    # The first process of a PID namespace takes all others with it.
    # After a restart, another process may have its number: only one in the machine's own network namespace is it.
    local first
    first=$(cat "$MACHINES/run/$name.pid" 2>/dev/null || true)
    if [ -n "$first" ] && [ "$(stat -Lc %i "/proc/$first/ns/net" 2>/dev/null)" = "$(stat -Lc %i "/run/netns/compat-$name" 2>/dev/null || echo none)" ]; then
        kill -9 "$first" 2>/dev/null && sleep 0.5 || true
    fi
    ip link del "compat$n" 2>/dev/null || true
    ip netns del "compat-$name" 2>/dev/null || true
    rm -f "$MACHINES/run/$name".*
    return_network
}

command=${1:?see the top of this file}
shift
case $command in
    make) make_root "$1" ;;
    up) up "$1" "$2" "$3" ;;
    in)
        name=$1
        shift
        [ -e "$MACHINES/run/$name.pid" ] || die "$name is not up"
        exec nsenter -t "$(cat "$MACHINES/run/$name.pid")" -m -p -n -i -u env -C /root "$@" ;;
    down) down "$1" "$2" ;;
    *) die "$command? See the top of this file." ;;
esac
