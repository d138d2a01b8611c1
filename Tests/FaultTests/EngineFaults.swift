/// Faults of the engine itself, its disk and its configuration.
enum EngineFaults {
    private static let image = "ailab/standin-alpine:latest"
    /// A disk of 24 MB for the engine's data, and the engine started on it.
    private static func tinyDisk(_ options: String) -> String {
        """
        set -e
        service docker stop
        dd if=/dev/zero of=$W/disk bs=1M count=24 status=none
        mkfs.ext4 -q -F \(options) $W/disk
        mkdir -p /run/tiny && mount -o loop $W/disk /run/tiny
        printf '{"data-root":"/run/tiny/docker"}' >/etc/docker/daemon.json
        service docker start
        docker load -q -i $W/base.tar
        """
    }
    private static let oldDisk = """
        service docker stop; umount -l /run/tiny
        # dockerd mounts its data's folder on itself.
        while umount -l /srv/docker-data 2>/dev/null; do :; done
        rm -rf /etc/docker/daemon.json* $W/disk /srv/docker-data; service docker start
        """

    static let all: [Fault] = [
        Fault(
            title: "No permission for the socket", injected: "an account that is not in the group `docker`",
            command: "su student -c 'docker ps'", reader: .diagnose(environment: "USER=student"), cause: "docker-socket-permission",
            cure: .printed("usermod"), cleanup: "gpasswd -d student docker"),
        Fault(
            title: "The engine is stopped", injected: "`service docker stop`", inject: "service docker stop",
            command: "ailab step 1.1 --auto --lab fault --json", reader: .step, cause: "docker-daemon-not-running",
            cure: .printed("service docker start"), cleanup: "service docker start"),
        Fault(
            title: "The engine is stopped, before a step", injected: "`service docker stop`", inject: "service docker stop",
            command: "ailab doctor --json --lab fault --only engine", reader: .doctor, cause: "docker-daemon-not-running",
            cure: .printed("service docker start"), cleanup: "service docker start"),
        Fault(
            title: "A stale socket", injected: "`kill -9` of dockerd, which leaves its socket",
            inject: "kill -9 $(cat /run/world-docker.pid) && sleep 0.5 && test -S /var/run/docker.sock",
            command: "docker ps", cause: "docker-daemon-not-running", cure: .printed("service docker start"),
            cleanup: "service docker start"),
        Fault(
            title: "The daemon's configuration is broken", injected: "a truncated daemon.json",
            inject: "printf '{\"debug\": tru' >/etc/docker/daemon.json", command: "service docker restart",
            cause: "docker-daemon-config-invalid", cure: .printed("mv --backup=numbered /etc/docker/daemon.json"), after: "docker ps",
            cleanup: "rm -f /etc/docker/daemon.json*; docker ps || service docker start"),
        Fault(
            title: "The engine's disk is full", injected: "data root on a 24 MB loop file system",
            inject: tinyDisk(""), command: "docker run --rm \(image) dd if=/dev/zero of=/filled bs=1M count=40", cause: "disk-full",
            cure: .printed("data-root="),
            after: "docker load -q -i $W/base.tar && docker run --rm \(image) dd if=/dev/zero of=/filled bs=1M count=40", cleanup: oldDisk),
        Fault(
            title: "The engine's disk has no inodes left", injected: "data root on a loop file system with 600 inodes",
            inject: tinyDisk("-N 600"),
            command: "docker run --rm \(image) sh -ec 'for n in $(seq 900); do : >/f$n; done'", cause: "disk-full",
            cure: .printed("data-root="),
            after: "docker load -q -i $W/base.tar && docker run --rm \(image) sh -ec 'for n in $(seq 900); do : >/f$n; done'",
            cleanup: oldDisk),
        Fault(
            title: "The client is newer than the engine", injected: "a client that requires API 1.99",
            command: "export DOCKER_API_VERSION=1.99; docker ps", cause: "docker-api-version-mismatch",
            cure: .printed("DOCKER_API_VERSION"), after: "docker ps"),
        Fault(
            title: "DOCKER_HOST names no engine", injected: "`DOCKER_HOST` names a port that no program listens on",
            command: "export DOCKER_HOST=tcp://127.0.0.1:9; docker ps", reader: .diagnose("--step 1.1"), cause: "docker-host-wrong",
            cure: .printed("unset DOCKER_HOST")),
        Fault(
            title: "The credential helper is missing", injected: "`credsStore` names a program that doesn't exist",
            inject: "mkdir -p $HOME/.docker && printf '{\"credsStore\":\"gone\"}' >$HOME/.docker/config.json",
            command: "echo secret | docker login registry.lab -u student --password-stdin", cause: "docker-credentials-helper",
            cure: .printed("credsStore"),
            cleanup: "rm -rf $HOME/.docker"),
        Fault(
            title: "Docker's firewall chains are gone", injected: "the chains of the table nat are removed while the engine runs",
            inject: "iptables -t nat -F && iptables -t nat -X DOCKER",
            command: "docker run --rm -p 127.0.0.1:18098:80 \(image) true", cause: "docker-iptables-chain-missing",
            cure: .printed("service docker restart"), cleanup: "service docker restart"),
        Fault(
            title: "The subnet is taken", injected: "a network with the subnet of docker0",
            command: "docker network create --subnet 172.17.0.0/16 fault-net", cause: "network-address-pool",
            cure: .person("you choose another subnet; ailab shows how to list those that are taken"),
            cleanup: "docker network rm fault-net"),
        Fault(
            title: "The workspace is read-only", injected: "AILAB_HOME on a read-only file system",
            inject: "mkdir -p /run/fixed && mount -t tmpfs -o ro tmpfs /run/fixed",
            command: "export AILAB_HOME=/run/fixed/home; ailab step 1.5 --auto --lab fault",
            reader: .diagnose("--step 1.5"), cause: "path-not-writable", cure: .printed("AILAB_HOME="),
            cleanup: "umount /run/fixed"),
    ]
}
