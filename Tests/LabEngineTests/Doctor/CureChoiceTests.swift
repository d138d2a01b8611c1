import Testing

@testable import Diagnosis
@testable import LabSupport

/// Cures for outputs of other people's machines: chosen by what the output reveals.
@Suite("Cures for an output from elsewhere") struct CureChoiceTests {
    private static let here = RemedyFacts(traits: [.apt, .docker, .service, .systemd, .root], values: ["FREE_PORT": "18080"])

    private func remedies(_ output: String, _ facts: RemedyFacts = here) -> [Remedy] {
        Diagnosis.diagnose(output: output, context: DiagnosisContext(facts: facts)).first?.remedies ?? []
    }

    private func whole(_ remedy: Remedy) -> String { ([remedy.text.en] + remedy.commands).joined(separator: "\n") }

    private func facts(_ output: String) -> TextFacts {
        var matcher = PatternMatcher(ScannedText(output))
        return TextFacts.read(&matcher, rules: SymptomLoader.builtIn.facts)
    }

    @Test(
        "an output reveals its system, engine and phase",
        arguments: [
            ("PS C:\\work> docker ps\nerror during connect: open //./pipe/docker_engine", TextFact.os, "windows"),
            ("  File \"D:\\a\\b.py\", line 3", .os, "windows"),
            ("File \"/Users/ann/a.py\", line 3", .os, "mac"),
            ("ann@pc:/mnt/c/work$ ./run.sh", .os, "wsl"),
            ("ann@pc:~$ sudo systemctl start docker", .os, "linux"),
            ("dial unix /Users/ann/.docker/run/docker.sock", .engine, "desktop"),
            ("Error: netavark: no", .engine, "podman"),
            ("write /home/ann/.local/share/docker/vfs: no", .engine, "rootless"),
            ("snap install docker", .engine, "snap"),
            ("#9 ERROR: process \"/bin/sh -c x\" did not complete successfully: exit code: 1", .phase, "building"),
            ("root@0123456789ab:/work# ls", .phase, "container"),
            ("web-1  | starting", .phase, "container"),
            ("kubectl get pods", .phase, "kubernetes"),
            ("srun: error: node7: task 0", .phase, "cluster"), ("[ann@n1 ~]$ srun -G1 python a.py", .phase, "cluster"),
            ("ann@pc:~/workspace/a$ ls", .phase, "host"), ("ann@pc:/home/ann/app/x$ ls", .phase, "host"),
            ("The requested image's platform (linux/amd64) does not match the detected host platform (linux/arm64/v8)", .arch, "arm64"),
            ("pip install x", .client, "pip"), ("fatal: early EOF\nCloning into 'x'", .client, "git"),
            ("docker run --gpus all x", .tried, "gpus"), ("$ ailab step 4.3", .lab, "yes"),
        ])
    func revealed(_ output: String, _ fact: TextFact, _ value: String) {
        #expect(facts(output).holds(fact, value), "\(facts(output))")
    }

    @Test("what is silent stays open, and a weak sign yields to a strong one") func silent() {
        #expect(facts("nothing to see").values == [:])
        #expect(facts("ann@pc:/mnt/c$ ls /home/ann/x").values[.os] == ["wsl"])
    }

    @Test(
        "the first cure is one for the output's own system",
        arguments: [
            (
                "PS C:\\w> docker ps\nerror during connect: open //./pipe/dockerDesktopLinuxEngine: The system cannot find the file specified.",
                "Docker Desktop"
            ),
            (
                "Cannot connect to the Docker daemon at unix:///Users/ann/.docker/run/docker.sock. Is the docker daemon running?",
                "Docker Desktop"
            ),
            (
                "bash-5.2# docker ps\nCannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
                "socket"
            ),
            ("WSL environment detected but no adapters were found", "Windows"),
            ("nvidia-container-cli: initialization error: load library failed: libnvidia-ml.so.1\n$ snap install docker", "snap"),
            ("/bin/sh: apt-get: not found\nprocess did not complete successfully: exit code: 127", "apk"),
            (
                "C:\\p> pip install q\nerror: Microsoft Visual C++ 14.0 or greater is required.\nerror: failed-wheel-build-for-install",
                "Build Tools"
            ),
            ("[winerror 10048] only one usage of each socket address is normally permitted: ('0.0.0.0', 9000)", "netstat"),
            (
                "sudo: a password is required\nE: Could not open lock file /var/lib/dpkg/lock - open (13: Permission denied)",
                "administrator"
            ),
            ("$ podman pull r.lan/x\nhttp: server gave HTTP response to HTTPS client", "Podman"),
            ("kubelet: Failed to pull image \"x\": toomanyrequests: You have reached your pull rate limit", "imagePullSecrets"),
            ("lookup registry-1.docker.io on 192.168.65.7:53: no such host", "Docker Desktop"),
            ("STEP 2/3: RUN x\nTemporary failure resolving 'a.b'\nError: building at STEP \"RUN x\": exit status 1", "resolv.conf"),
            ("orin@jetson:~$ docker run --runtime nvidia x\nunknown or invalid runtime name: nvidia", "Register the runtime"),
            (
                "stderr: Auto-detected mode as 'csv'\ninvoking the NVIDIA Container Runtime Hook directly is not supported",
                "--runtime nvidia"
            ),
            ("unable to connect to Podman socket: connection refused\ntry `podman machine start`", "podman machine start"),
            ("[Errno 28] No space left on device\nPS C:\\a> pip install x", "TEMP"),
            ("ci@agent:~/workspace/a$ docker ps\npermission denied while trying to connect to the docker API at unix:///x", "usermod"),
            ("No match for argument: a\nThere are following alternatives for \"a\": bc", "dnf install -y bc"),
        ])
    func foreign(_ output: String, _ words: String) {
        let first = remedies(output).first.map(whole) ?? ""
        #expect(first.localized(contains: words), "\(first)")
    }

    @Test(
        "a word that also appears elsewhere draws no cure that harms",
        arguments: [
            (
                "msg=\"skip loading plugin\" id=io.containerd.snapshotter.v1.zfs\n"
                    + "failed to start daemon: error initializing graphdriver: driver not supported: overlay2",
                "storage-driver=zfs", "data-root"
            ),
            (
                "$ docker buildx build --platform linux/amd64,linux/arm64 .\n"
                    + " => [linux/amd64 2/3] RUN make\n > [linux/arm64 2/3] RUN make:\n0.391 exec /bin/sh: exec format error",
                "--install amd64", "--install arm64"
            ),
            (
                "ann@pc:~$ docker stop web\nError response from daemon: cannot stop container: web: permission denied",
                "sudo aa-remove-unknown\n", "snap list docker"
            ),
            (
                "+ docker build .\npermission denied while trying to connect to the Docker daemon socket at unix:///x\n"
                    + "script: /home/jenkins/workspace/a", "-aG docker jenkins", "group-add"
            ),
            (
                "$ docker run pdf\nerror while loading shared libraries: libXrender.so.1: cannot open shared object file: "
                    + "No such file or directory", "opencv", "libxrender1"
            ),
            (
                "student@jetson:~$ python3 a.py\nOSError: libcublas.so.11: cannot open shared object file: No such file or directory",
                "default-runtime", "belongs to CUDA"
            ),
            (
                "ann@pc:~$ sudo apt-get install docker-ce docker-compose-plugin\nE: Package 'docker-ce' has no installation candidate\n"
                    + "E: Unable to locate package docker-compose-plugin", "docker-compose-v2", "Docker's own repository"
            ),
            (
                "running engine: waiting for the Docker API: engine linux/virtualization-framework failed to run: exit status 1",
                "wsl", "Quit Docker Desktop"
            ),
            (
                "/ # dockerd\nfailed to start daemon: error initializing graphdriver: failed to mount overlay: no such device",
                "systemctl restart", "on the host"
            ),
            (
                "ann@pc:~$ sudo dockerd\nfailed to start daemon: error initializing graphdriver: failed to mount overlay: no such device",
                "data-root", "sudo modprobe overlay"
            ),
        ])
    func harmless(_ output: String, _ harm: String, _ words: String) {
        let all = remedies(output).map(whole)
        #expect(all.prefix(2).allSatisfy { !($0 + "\n").localized(contains: harm) }, "\(all)")
        #expect(all.first?.localized(contains: words) == true, "\(all)")
    }

    @Test("nothing for Linux is offered first for Windows, whatever this machine is") func harmless() {
        for fixture in SymptomFixtures.all {
            for remedy in remedies("PS C:\\Users\\ann> go\n" + fixture.output).prefix(1) {
                let commands = remedy.commands.joined(separator: "\n")
                #expect(!commands.contains("systemctl ") && !commands.contains("/etc/docker"), "\(fixture.id): \(commands)")
            }
        }
    }

    @Test("what a system doesn't have is never typed there", arguments: ["PS C:\\Users\\ann> go", "ann@Anns-MacBook-Pro ~ % go"])
    func impossible(prompt: String) {
        let impossible = ["sudo systemctl", "systemctl ", "sudo apt", "journalctl", "nvidia-ctk", "modprobe"]
        for fixture in SymptomFixtures.all {
            let found = facts(prompt + "\n" + fixture.output)
            guard found.values[.os]?.count == 1, !found.isInContainer else { continue }
            for remedy in remedies(prompt + "\n" + fixture.output) where remedy.place == .shell {
                for command in remedy.commands {
                    #expect(!impossible.contains { command.contains($0) }, "\(fixture.id): \(command)")
                }
            }
        }
    }

    @Test("one of several facts is enough, and an unknown one leaves a cure undecided") func either() {
        let condition = RemedyCondition(either: [.os: ["windows", "mac"], .engine: ["desktop"]])
        func standing(_ output: String) -> RemedyCondition.Standing { condition.standing(facts(output)) { _ in false } }
        #expect(standing("PS C:\\w> go") == .proved)
        #expect(standing("lookup x on 192.168.65.7:53") == .proved)
        #expect(standing("nothing to see") == .undecided([.engine, .os]))
        #expect(standing("$ podman ps\nann@pc:~$ sudo ls") == .contradicted)
    }

    @Test("an image with a name like the lab's is no step of the lab on Windows") func otherSystem() {
        let all = remedies("PS C:\\w> docker run lab5-ann\npull access denied for lab5-ann, repository does not exist")
        #expect(!all.isEmpty && all.allSatisfy { !whole($0).contains("ailab") }, "\(all.map(whole))")
    }

    @Test("a program is found behind sudo, variables and pipes") func programs() {
        #expect(LackingPrograms.programs(of: "sudo -E systemctl restart docker") == ["sudo", "systemctl"])
        #expect(LackingPrograms.programs(of: "A=1 docker build . | tee log") == ["docker", "tee"])
        #expect(LackingPrograms.programs(of: "apt-get update && apt-get install -y x") == ["apt-get", "apt-get"])
    }

    @Test("Windows spells Python and a virtual environment in its own way") func windows() {
        let module = remedies("PS C:\\w> python a.py\nModuleNotFoundError: No module named 'cv2'").first
        #expect(module?.commands == ["python -m pip install opencv-python-headless"])
    }

    @Test("a sentence about Podman names its own command") func podman() {
        let all = remedies("$ podman pull r.example/a:1\nError: unable to retrieve auth token: unauthorized: Please login to the registry")
        #expect(all.first?.text.en.contains("`podman login`") == true && all.first?.commands == ["podman login"])
    }

    @Test("what a program itself suggests is quoted") func hint() {
        let found = Diagnosis.diagnose(output: "$ pip instal x\nERROR: unknown command \"instal\" - maybe you meant \"install\"")
        #expect(found.first?.cause == "unknown" && found.first?.remedies.first?.text.en.contains("maybe you meant") == true)
    }

    @Test(
        "words of a failure in what went well are no failure",
        arguments: [
            "make: Nothing to be done for 'all'.", "ok 1 - handles ECONNREFUSED 127.0.0.1:8080\nok 2 - exit code 137",
            "N: Download is performed unsandboxed as root. - pkgAcquire::Run (13: Permission denied)\nSetting up x (1.0) ...",
        ])
    func harmlessWords(_ output: String) {
        #expect(Diagnosis.diagnose(output: output).map(\.cause) == [])
    }

    @Test("a warning about CUDA that no rule explains is not called harmless") func cudaWarning() {
        let output = "a.py:3: UserWarning: Can't initialize the CUDA context, falling back"
        #expect(Diagnosis.diagnose(output: output).first?.cause == "unknown")
    }

    @Test("a crash of another program is not Python's") func otherCrash() {
        let web = "web-1  | nginx: worker\nweb-1  | Segmentation fault (core dumped)\nweb-1 exited with code 139"
        #expect(Diagnosis.diagnose(output: web).first?.cause == "unknown")
        #expect(Diagnosis.diagnose(output: "$ python3 a.py\nSegmentation fault (core dumped)").first?.cause == "python-segfault")
    }

    @Test("lists that couldn't be downloaded come before the package that is missing, however far above") func distance() {
        let lists = "W: Failed to fetch http://deb.example/dists/trixie/InRelease  Unable to connect to deb.example:80:\n"
        let between = String(repeating: "Setting up something\n", count: 500)
        let causes = Diagnosis.diagnose(output: lists + between + "E: Unable to locate package ffmpeg").map(\.cause)
        #expect(causes.first == "network-unreachable" && causes.contains("apt-package-not-found"), "\(causes)")
    }

    @Test("a cause whose cures depend on the system or engine has a sample from there", arguments: Self.foreignSystems) func foreignSamples(
        fact: TextFact, values: [String]
    ) {
        var lacking: [String] = []
        for cause in SymptomLoader.builtIn.causes where cause.hasPatterns {
            let wanted = Set(cause.cures.flatMap { ($0.condition.when[fact] ?? []) + ($0.condition.not[fact] ?? []) }).intersection(values)
            guard !wanted.isEmpty else { continue }
            let samples = SymptomFixtures.all.filter { $0.cause == cause.id }
            if !samples.contains(where: { !(facts($0.output).values[fact] ?? []).isDisjoint(with: values) }) { lacking.append(cause.id) }
        }
        #expect(lacking == [], "no sample of these causes comes from \(values.joined(separator: ", "))")
    }

    private static let foreignSystems: [(TextFact, [String])] = [
        (.os, ["windows", "wsl", "mac"]), (.engine, ["podman"]), (.phase, ["kubernetes"]),
    ]

    @Test("outside of a lab, no cure runs a step, and no command has an open word") func complete() {
        for fixture in SymptomFixtures.all where !facts(fixture.output).isLab {
            for remedy in remedies(fixture.output) {
                #expect(remedy.open == [] && remedy.retry == nil && !remedy.isOwn, "\(fixture.id): \(remedy.commands)")
                #expect(!remedy.commands.contains { $0.hasPrefix("ailab step") }, "\(fixture.id)")
            }
        }
    }

    @Test("a cure that the output leaves open says for which system it is, and comes last") func labels() throws {
        let all = remedies("Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?")
        let windows = try #require(all.firstIndex { $0.text.en.hasPrefix("On Windows: ") })
        #expect(windows > 0 && all[windows].text.zh.hasPrefix("Windows 上："))
    }

    @Test("this machine's distribution says nothing about an output from elsewhere") func distribution() {
        let fedora = RemedyFacts(traits: [.dnf, .docker, .systemd])
        #expect(remedies("ubuntu@x:~$ docker\nbash: docker: command not found", fedora).first.map(whole)?.contains("apt-get") == true)
        #expect(remedies("[ec2-user@x ~]$ docker\nbash: docker: command not found", Self.here).first.map(whole)?.contains("dnf") == true)
    }

    @Test("a package's name comes from the table, and an unknown one is never installed") func names() {
        func module(_ name: String) -> [Remedy] { remedies("ModuleNotFoundError: No module named '\(name)'") }
        #expect(module("cv2").first?.commands == ["python3 -m pip install opencv-python-headless"])
        #expect(module("PIL").first?.commands == ["python3 -m pip install Pillow"])
        for remedy in module("zzz_own_code") { #expect(!whole(remedy).contains("install zzz_own_code"), "\(whole(remedy))") }
        #expect(module("zzz_own_code").first?.text.en.contains("PYTHONPATH") == true)
    }
}

extension String {
    fileprivate func localized(contains words: String) -> Bool { lowercased().contains(words.lowercased()) }
}
