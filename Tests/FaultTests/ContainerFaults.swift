/// Faults of packages, Python and TorchServe, in a container of the lab's serving image.
enum ContainerFaults {
    /// A repository with one package, so that apt can install something without a network.
    private static let repository = """
        test -d /repository || (
        set -e
        mkdir -p /repository/p/DEBIAN /repository/p/usr/share/lab-hello && echo hello >/repository/p/usr/share/lab-hello/file
        printf 'Package: lab-hello\\nVersion: 1\\nArchitecture: all\\nMaintainer: x <x@example.org>\\nDescription: x\\n' >/repository/p/DEBIAN/control
        cd /repository && dpkg-deb -b p lab-hello.deb >/dev/null
        { cat p/DEBIAN/control; printf 'Filename: ./lab-hello.deb\\nSize: %s\\nSHA256: %s\\n' $(stat -c %s lab-hello.deb) $(sha256sum lab-hello.deb | cut -d' ' -f1); } >Packages
        mkdir -p /etc/apt/kept && mv /etc/apt/sources.list* /etc/apt/kept/ 2>/dev/null || true
        mkdir -p /etc/apt/sources.list.d && echo 'deb [trusted=yes] file:/repository ./' >/etc/apt/sources.list
        apt-get update -qq
        ) || exit
        """
    private static let index = """
        test -s /index/ca.crt || { setsid python3 /support/index.py /index >/tmp/index.log 2>&1 </dev/null & }
        tries=0; until curl -ks https://index.lab:8443/simple/ >/dev/null; do tries=$((tries + 1)); [ $tries -lt 100 ] || exit 1; sleep 0.1; done
        """
    private static let authority = "export PIP_CERT=/index/ca.crt SSL_CERT_FILE=/index/ca.crt"

    static let packages: [Fault] = [
        Fault(
            title: "apt without root", injected: "an ordinary user runs apt", site: .container, inject: repository,
            command: "su -s /bin/sh nobody -c 'apt-get install -y lab-hello'", cause: "apt-needs-root",
            cure: .printed("apt-get install -y lab-hello"), after: "test -f /usr/share/lab-hello/file",
            cleanup: "apt-get remove -y lab-hello"),
        Fault(
            title: "apt's lock is held", injected: "another process holds dpkg's lock for a few seconds", site: .container,
            inject: repository + """

                setsid python3 -c '
                import fcntl, time
                lock = open("/var/lib/dpkg/lock-frontend", "w")
                fcntl.lockf(lock, fcntl.LOCK_EX)
                open("/tmp/held", "w")
                time.sleep(4)' >/dev/null 2>&1 </dev/null &
                until test -f /tmp/held; do sleep 0.05; done
                """,
            command: "apt-get install -y lab-hello", cause: "apt-lock-held", cure: .printed("DPkg::Lock::Timeout"),
            after: "test -f /usr/share/lab-hello/file", cleanup: "apt-get remove -y lab-hello"),
        Fault(
            title: "pip gets a re-signed certificate", injected: "a package index with a certificate from an unknown authority",
            site: .container, inject: index, command: "pip install labhello",
            reader: .diagnose(environment: "AILAB_CA_BUNDLE=/index/ca.crt"), cause: "tls-untrusted", cure: .printed("PIP_CERT"),
            cleanup: "pip uninstall -y --break-system-packages labhello"),
        Fault(
            title: "The shared memory is too small", injected: "a tensor of 100 MB in a container's default 64 MB", site: .container,
            command: "python3 -c 'import torch; torch.ones(25_000_000).share_memory_()'", cause: "shm-too-small",
            cure: .person("you must start the container again with `--shm-size`; ailab shows the command")),
        Fault(
            title: "Exit code 139: a crash in native code", injected: "a program reads address 0", site: .container,
            command: "sh -c 'python3 -X faulthandler -c \"import ctypes; ctypes.string_at(0)\"; exit $?'", cause: "python-segfault",
            cure: .person("you must first find out which extension crashed; ailab shows the command")),
        Fault(
            title: "The wrong device", injected: "`cuda:3` with a CPU-only build of PyTorch", site: .container,
            command: "python3 -c 'import torch; torch.zeros(1, device=\"cuda:3\")'", cause: "torch-cpu-only",
            cure: .person("the script names the device; for the lab's own scripts, ailab shows `--device cpu`")),
        Fault(
            title: "No archiver", injected: "torch-model-archiver is not on the PATH", site: .container,
            inject: index + "\nmkdir -p /kept && mv $(command -v torch-model-archiver) /kept/",
            command: "torch-model-archiver --help", cause: "module-not-found",
            cure: .person("the installation needs a package index, and a test must not depend on the network; ailab shows the command"),
            cleanup: "mv /kept/torch-model-archiver /usr/local/bin/"),
    ]

    /// Starts TorchServe and waits until it answers or has ended.
    private static func serve(_ arguments: String) -> String {
        """
        mkdir -p /work/logs; cd /work; rm -f logs/*; torchserve --start --ncs \(arguments) >start.log 2>&1
        tries=0; until curl -s -o /dev/null http://127.0.0.1:8080/ping || [ $tries -ge 100 ] || grep -qi 'not found' start.log
        do tries=$((tries + 1)); sleep 0.2; done; cat start.log
        """
    }
    private static let stop = "cd /work; torchserve --stop; pkill -9 java; sleep 0.3; rm -rf /work/logs /tmp/.model_server.pid"
    private static let archive = """
        mkdir -p /work/store && cd /work
        printf 'import labhello\\nclass H:\\n    def initialize(self, c): pass\\n    def handle(self, d, c): return [labhello.GREETING]\\n' >needy.py
        printf 'class H:\\n    def initialize(self, c): pass\\n    def handle(self, d, c): return ["hi"]\\n' >plain.py
        for m in needy plain; do torch-model-archiver --model-name $m --version 1.0 --handler $m.py --export-path store --force || exit; done
        """
    private static let ready = """
        tries=0; until curl -s http://127.0.0.1:8081/models/needy | grep READY; do tries=$((tries + 1)); [ $tries -lt 150 ] || exit 1; sleep 0.2; done
        """

    static let serving: [Fault] = [
        Fault(
            title: "No Java", injected: "`java` is not on the PATH", site: .container,
            inject:
                "mkdir -p /kept && mv $(readlink -f /usr/bin/java) /kept/java 2>/dev/null; mv /usr/bin/java /kept/link; J=$(ls -d /usr/lib/jvm/java-*/bin | head -n 1); mv /kept/java $J/java; mkdir -p /work/store",
            command: serve("--model-store store --disable-token-auth"), cause: "ts-java-missing", cure: .printed("JAVA_HOME"),
            after: serve("--model-store store --disable-token-auth") + "; curl -sf http://127.0.0.1:8080/ping",
            cleanup: stop + "; mv /kept/link /usr/bin/java", endsWell: true),
        Fault(
            title: "The model store is missing", injected: "a folder that doesn't exist", site: .container,
            command: serve("--model-store /work/no-store --disable-token-auth"), cause: "ts-start-args", cure: .printed("mkdir -p"),
            after: serve("--model-store /work/no-store --disable-token-auth") + "; curl -sf http://127.0.0.1:8080/ping",
            cleanup: stop + "; rm -rf /work/no-store", endsWell: true),
        Fault(
            title: "The handler's module is missing", injected: "the handler in the archive imports a module that isn't installed",
            site: .container, inject: index + "\n" + archive,
            command: serve("--model-store store --models needy=needy.mar --disable-token-auth")
                + "; tries=0; until grep -q 'ts.torch_handler.needy' logs/model_log.log || [ $tries -ge 150 ]; do tries=$((tries + 1)); sleep 0.2; done; cat start.log logs/model_log.log",
            cause: "ts-worker-missing-module", cure: .person("the package of a module that ailab doesn't know"), at: authority,
            after: stop + "\n" + serve("--model-store store --models needy=needy.mar --disable-token-auth") + "\n" + ready,
            prints: "READY", cleanup: stop, endsWell: true),
        Fault(
            title: "The archive is not a valid archive", injected: "a .mar file with random content", site: .container,
            inject: "mkdir -p /work/store && head -c 2000 /dev/urandom >/work/store/bad.mar",
            command: serve("--model-store store --models bad=bad.mar --disable-token-auth") + "; sleep 1; cat start.log logs/ts_log.log",
            cause: "ts-model-archive-invalid",
            cure: .person("you must make the archive again from the model's files; ailab shows the command"), cleanup: stop,
            endsWell: true),
        Fault(
            title: "The archive is not in the model store", injected: "the name of an archive that doesn't exist", site: .container,
            command: serve("--model-store store --models gone=gone.mar --disable-token-auth") + "; sleep 1; cat start.log logs/ts_log.log",
            cause: "ts-model-archive-not-found",
            cure: .person("only you know which archive you mean; ailab lists the store"), cleanup: stop, endsWell: true),
        Fault(
            title: "A file for the archiver is missing", injected: "a handler file that doesn't exist", site: .container,
            command: "cd /work; torch-model-archiver --model-name x --version 1.0 --handler gone.py --export-path store",
            cause: "ts-archiver-file-missing", cure: .person("only you can provide the file")),
        Fault(
            title: "The token is missing", injected: "a request without a token to a server that requires one", site: .container,
            inject: "mkdir -p /work/store; " + serve("--model-store store"),
            command: "curl -s http://127.0.0.1:8080/ping", cause: "ts-token-auth", cure: .printed("Authorization: Bearer"),
            at: "cd /work", after: "true", prints: "Healthy", cleanup: stop, endsWell: true),
        Fault(
            title: "The model has no worker", injected: "all workers of the model are removed", site: .container,
            inject: archive + "\n" + serve("--model-store store --models plain=plain.mar --disable-token-auth --enable-model-api")
                + "; curl -s -X PUT 'http://127.0.0.1:8081/models/plain?min_worker=0&max_worker=0&synchronous=true'",
            command: "curl -s http://127.0.0.1:8080/predictions/plain -d x", cause: "ts-no-workers", cure: .printed("min_worker=1"),
            after: "curl -sf -m 20 http://127.0.0.1:8080/predictions/plain -d x", prints: "hi", cleanup: stop, endsWell: true),
    ]
}
