import Testing

@testable import Diagnosis
@testable import LabSupport

/// Outputs of other systems: a sample must come from each kind of place in which the cure is another one.
@Suite("Samples from other environments") struct ForeignSampleTests {
    /// A line that proves an environment, and what the facts say of it.
    struct Environment: Sendable {
        let line: String
        let fact: TextFact
        let value: String

        func holds(_ facts: TextFacts) -> Bool { facts.holds(fact, value) }
    }

    private static let environments = [
        Environment(line: "PS C:\\Users\\ann> go", fact: .os, value: "windows"),
        Environment(line: "ann@pc:/mnt/c/work$ go", fact: .os, value: "wsl"),
        Environment(line: "ann@Anns-MacBook-Air ~ % go", fact: .os, value: "mac"),
        Environment(line: "$ podman ps", fact: .engine, value: "podman"),
    ]

    /// These can't happen in the other environments: they are about LXC, old kernels and systems without sudo, Podman has no swarm, WSL is a
    /// part of Windows, Apptainer runs on Linux, and a Mac has no card of NVIDIA's.
    private static let onlyInOnePlace: Set<String> = [
        "apptainer-image", "gpu-busy", "gpu-cgroup-denied", "kernel-too-old", "runc-too-new-for-host", "sudo-missing",
        "swarm-no-suitable-node", "swarm-not-active", "userns-restricted", "wsl-broken",
    ]

    /// The first cure for a cause, as it is shown.
    private func first(_ output: String, _ cause: String) -> [String] {
        let finding = Diagnosis.diagnose(output: output).first { $0.cause == cause }
        return finding?.remedies.first.map { [$0.text.en] + $0.commands } ?? []
    }

    @Test("a cause whose first cure is another one on Windows, WSL, a Mac or with Podman has a sample from such a place")
    func everyCause() {
        var lacking: [String] = []
        for cause in SymptomLoader.builtIn.causes.map(\.id) where !Self.onlyInOnePlace.contains(cause) {
            let samples = SymptomFixtures.all.filter { $0.cause == cause }.map { ($0.output, Diagnosis.facts(of: $0.output)) }
            let neutral = samples.filter { sample in !Self.environments.contains { $0.holds(sample.1) } }.map(\.0).prefix(2)
            func changes(_ place: Environment) -> Bool {
                neutral.contains { first(place.line + "\n" + $0, cause) != first($0, cause) }
            }
            let sampled = Self.environments.filter { place in samples.contains { place.holds($0.1) } }
            if neutral.isEmpty || sampled.contains(where: changes) { continue }
            let different = Self.environments.filter(changes)
            if different.isEmpty { continue }
            lacking.append("\(cause): \(different.map(\.value).joined(separator: " or "))")
        }
        #expect(lacking == [])
    }

    @Test(
        "the first cure suits the place that the output shows",
        arguments: [
            (
                "PS C:\\Users\\ann> podman run alpine\nError: short-name \"alpine\" did not resolve to an alias and no unqualified-search registries are defined",
                "docker.io/alpine"
            ),
            ("root@3f1c2ab9d0e7:/w# sudo apt-get install vim\nbash: sudo: command not found", "without `sudo`"),
            ("ann@debian:~$ sudo apt-get install vim\nbash: sudo: command not found", "su - -c"),
            (
                "PS C:\\Users\\ann> curl -X GET http://127.0.0.1:8080\nInvoke-WebRequest : A parameter cannot be found that matches parameter name 'X'.",
                "curl.exe"
            ),
            ("$ podman pull docker.io/a/b:1\nError: layer does not exist", "podman pull docker.io/a/b:1"),
            ("ann@DESKTOP-7QK2:/mnt/c/w$ nvidia-smi\nGPU is lost.  Reboot the system to recover this GPU", "Restart Windows"),
            (
                "PS C:\\w> docker -H tcp://localhost:2375 ps\nerror during connect: Get \"http://localhost:2375/v1.47/info\": connectex: refused",
                "Docker Desktop"
            ),
            (
                "$ docker -H tcp://gpu:2376 ps\nError response from daemon: Client sent an HTTP request to an HTTPS server.",
                "DOCKER_TLS_VERIFY=1"
            ),
            ("ann@Anns-MacBook-Air ~ % conda activate a\nCondaError: Run 'conda init' before 'conda activate'", "conda init zsh"),
            ("(ts) ann@mbp serve % torchserve --start\nUnable to locate a Java Runtime.", "brew install"),
        ])
    func suits(_ output: String, _ words: String) {
        let first = Diagnosis.diagnose(output: output).first?.remedies.first
        let said = ([first?.text.en ?? ""] + (first?.commands ?? [])).joined(separator: "\n")
        #expect(said.contains(words), "\(said)")
    }

    @Test("this machine's addresses are not those of another one, and both languages leave the same words open") func fixtures() {
        let values = ["SERVER": "10.9.8.7", "MIRROR": "mirror.here", "BIG_FOLDER": "/here"]
        let here = RemedyFacts(traits: [.apt, .docker, .service, .systemd], values: values)
        for fixture in SymptomFixtures.all {
            let found = Diagnosis.diagnose(output: fixture.output, context: DiagnosisContext(facts: here, isLab: false))
            for remedy in found.flatMap(\.remedies) {
                let words = ([remedy.text.en] + remedy.commands).joined(separator: "\n")
                #expect(!values.values.contains { words.contains($0) }, "\(fixture.id): \(words)")
                let open = RemedyFacts.Word.names.filter { RemedyFiller.holds($0, in: remedy.text.en) }
                let chinese = RemedyFacts.Word.names.filter { RemedyFiller.holds($0, in: remedy.text.zh) }
                #expect(open == chinese, "\(fixture.id): \(remedy.text.en) \(remedy.text.zh)")
            }
        }
    }
}
