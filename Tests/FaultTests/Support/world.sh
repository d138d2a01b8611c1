# PID 1 of a world of its own: network, mounts and processes that end with it. $1: its folder, $2: registry.py
# /etc, /run, /var/lib/docker, /var/tmp, /srv and the trusted authorities are the world's; the rest is the machine's.
set -eu
W=$1
mkdir -p "$W/docker" "$W/etc" "$W/tmp" "$W/srv" "$W/home" "$W/bin" "$W/authorities" /var/lib/docker /srv /usr/local/share/ca-certificates
cp -a /etc/. "$W/etc/"
mount --bind "$W/etc" /etc
mount -t tmpfs tmpfs /run
mount --bind "$W/docker" /var/lib/docker
mount --bind "$W/tmp" /var/tmp
# A place with room that is root's alone, as the cure of a full disk wants one.
chmod 755 "$W/srv"
mount --bind "$W/srv" /srv
mount --bind "$W/authorities" /usr/local/share/ca-certificates
mkdir -p /run/lock /etc/docker
rm -f /etc/docker/daemon.json /etc/systemd/system/docker.service.d/*.conf
ip link set lo up
ip address add 10.99.0.1/32 dev lo
# Nobody answers there: names cannot be resolved, as on a machine whose name server is cut off. (A link would lead out of this world.)
rm -f /etc/resolv.conf
echo 'nameserver 127.0.0.9' >/etc/resolv.conf
printf '127.0.0.1 localhost\n10.99.0.1 registry.lab\n' >/etc/hosts
cat >/etc/init.d/docker <<'SERVICE'
#!/bin/sh
# The machine's dockerd as a service, without what a distribution's script expects of a whole machine.
ready() { [ -S /var/run/docker.sock ] && docker -H unix:///var/run/docker.sock version >/dev/null 2>&1; }
start() {
    ready && return 0
    # A daemon that was killed leaves its containerd behind. This world sees its own processes only.
    pkill -9 -x containerd && sleep 0.2
    rm -f /run/world-docker.pid /run/docker/containerd/containerd.pid
    PATH=/var/tmp/bin:$PATH setsid dockerd -p /run/world-docker.pid >/run/world-docker.log 2>&1 </dev/null &
    tries=0
    until ready; do
        kill -0 $! 2>/dev/null || { tail -n 5 /run/world-docker.log >&2; exit 1; }
        tries=$((tries + 1)); [ $tries -lt 300 ] || { tail -n 5 /run/world-docker.log >&2; exit 1; }
        sleep 0.1
    done
}
stop() {
    pid=$(cat /run/world-docker.pid 2>/dev/null) || return 0
    kill "$pid" 2>/dev/null || true
    tries=0
    while [ -d "/proc/$pid" ] && ! grep -q '^State:.Z' "/proc/$pid/status" && [ $tries -lt 200 ]; do tries=$((tries + 1)); sleep 0.1; done
    pkill -9 -x containerd
    rm -f /run/world-docker.pid
}
case $1 in start) start ;; stop) stop ;; restart) stop; start ;; esac
SERVICE
chmod 755 /etc/init.d/docker
useradd -M -d "$W/home" student 2>/dev/null || true
# Two authorities: one that this world trusts from the start, one that it does not.
cd "$W"
sign() { # NAME DAYS-FROM DAYS-TO: a certificate for registry.lab by the authority $NAME-ca
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=$1-ca" -keyout "$1-ca.key" -out "$1-ca.crt"
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=registry.lab -keyout "$1.key" -out "$1.csr"
    mkdir -p "$1-db" && : >"$1-db/index" && echo 01 >"$1-db/serial"
    printf '[ca]\ndefault_ca=x\n[x]\ndatabase=%s\nserial=%s\nnew_certs_dir=%s\ndefault_md=sha256\npolicy=p\nx509_extensions=e\n[p]\ncommonName=supplied\n[e]\nsubjectAltName=DNS:registry.lab\n' \
        "$W/$1-db/index" "$W/$1-db/serial" "$W/$1-db" >"$1.cnf"
    openssl ca -batch -config "$1.cnf" -cert "$1-ca.crt" -keyfile "$1-ca.key" -in "$1.csr" -out "$1.crt" -notext \
        -startdate "$(date -u -d "$2 days" +%y%m%d%H%M%SZ)" -enddate "$(date -u -d "$3 days" +%y%m%d%H%M%SZ)"
}
{ sign known -1 20; sign campus -1 20; sign future 5 20; } >"$W/certificates.log" 2>&1
cp known-ca.crt authorities/known.crt
cp future-ca.crt authorities/future.crt
update-ca-certificates >/dev/null 2>&1
python3 "$2" "$W/base.tar" 10.99.0.1 "443=known.crt:known.key" "5443=campus.crt:campus.key" "5444=future.crt:future.key" >"$W/registry.log" 2>&1 &
service docker start
docker load -q -i "$W/base.tar" >/dev/null
touch "$W/ready"
while :; do sleep 0.2; done
