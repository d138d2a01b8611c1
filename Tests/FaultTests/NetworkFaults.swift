/// Faults between this machine and a registry.
enum NetworkFaults {
    private static let lab = Fault.Reader.diagnose("--step 1.5")

    static let all: [Fault] = [
        Fault(
            title: "The tag does not exist", injected: "a registry on loopback that answers 404",
            command: "docker pull registry.lab/alpine:3.99", reader: lab, cause: "image-not-found", cure: .printed("ailab step")),
        Fault(
            title: "Host names can't be resolved", injected: "the name server doesn't answer",
            command: "docker pull nvidia/cuda:12.4.1-base-ubuntu22.04", reader: lab, cause: "dns-failure", cure: .printed("ailab step")),
        Fault(
            title: "The registry's pull limit (429)", injected: "a registry on loopback that answers 429",
            command: "docker pull registry.lab/limited:latest", reader: lab, cause: "registry-rate-limit", cure: .printed("ailab step")),
        Fault(
            title: "The registry wants a login (401)", injected: "a registry on loopback that answers 401",
            command: "docker pull registry.lab/private:latest", reader: lab, cause: "image-access-denied", cure: .printed("ailab step")),
        Fault(
            title: "The network re-signs TLS", injected: "a registry with a certificate from an unknown authority",
            command: "docker pull registry.lab:5443/alpine", reader: .diagnose(environment: "AILAB_CA_BUNDLE=$W/campus-ca.crt"),
            cause: "tls-untrusted", cure: .printed("update-ca-certificates"),
            cleanup:
                "rm -f /usr/local/share/ca-certificates/network.crt; update-ca-certificates --fresh; docker rmi -f registry.lab:5443/alpine"
        ),
        Fault(
            title: "The registry speaks HTTP", injected: "a web server without TLS in the registry's place",
            inject: "setsid python3 -m http.server --bind 10.99.0.1 5080 >/dev/null 2>&1 </dev/null & echo $! >/run/plain; sleep 1",
            command: "docker pull registry.lab:5080/alpine", cause: "registry-plain-http", cure: .printed("insecure-registries="),
            after: "docker info | grep -q registry.lab:5080",
            cleanup: "kill $(cat /run/plain); rm -f /etc/docker/daemon.json*; service docker restart"),
        Fault(
            title: "The clock is wrong", injected: "a certificate that becomes valid in five days",
            command: "docker pull registry.lab:5444/alpine", cause: "clock-skew",
            cure: .person("the clock belongs to the whole machine; ailab shows the commands that set it")),
    ]
}
