import Testing

@testable import Diagnosis
@testable import LabSupport

/// Rules for every cure in the tables, on every machine.
///
/// Each cure is tried alone, without the signs that it waits for and with all its words filled in. So a rule that forgets a condition is found
/// even if no sample shows it.
@Suite("No cure harms the machine of an output from elsewhere") struct CureHarmTests {
    /// A line or two that prove an environment, and what a cure must not say or type there.
    struct Surroundings: Sendable, CustomStringConvertible {
        let description: String
        let lines: String
        var programs: Set<String> = []
        var parts: [String] = []
        var words: [String] = []
        /// For cures in the place of the failed command only: a container, or a build.
        var inside: Set<String> = []
    }

    private static let managers: Set<String> = ["apt-get", "apt", "dpkg", "dnf", "yum", "zypper", "pacman", "apk"]
    private static let services: Set<String> = ["systemctl", "service", "journalctl"]
    private static let kernel: Set<String> = ["reboot", "modprobe", "rmmod"]

    static let all: [Surroundings] = [
        Surroundings(
            description: "Windows", lines: "PS C:\\Users\\ann> go",
            programs: managers.union(services).union(kernel).union(["sudo", "export", "unset", "chmod", "ss", "usermod", "sed"]),
            parts: ["/etc/", "/var/lib"], words: ["/etc/docker", "systemctl", "`sudo"]),
        Surroundings(
            description: "a Mac", lines: "ann@Anns-MacBook-Pro ~ % go", programs: managers.union(services).union(kernel).union(["usermod"]),
            parts: ["/etc/docker", "/etc/systemd", "/usr/lib/jvm"], words: ["systemctl", "/etc/docker"]),
        Surroundings(
            description: "WSL", lines: "ann@pc:/mnt/c/work$ go", programs: kernel, parts: ["nvidia-driver"]),
        Surroundings(description: "Ubuntu", lines: "ubuntu@vm:~$ go", programs: managers.subtracting(["apt-get", "apt", "dpkg"])),
        Surroundings(description: "Fedora", lines: "[ann@fedora ~]$ go", programs: managers.subtracting(["dnf", "yum"])),
        Surroundings(description: "Arch", lines: "[ann@archlinux ~]$ go", programs: managers.subtracting(["pacman"])),
        Surroundings(description: "Alpine", lines: "ann@alpine:~$ go", programs: managers.subtracting(["apk"])),
        Surroundings(
            description: "a container", lines: "root@0123456789ab:/work# go", inside: services.union(kernel).union(["sudo"])),
        Surroundings(
            description: "a build", lines: "ERROR: process \"/bin/sh -c go\" did not complete successfully: exit code: 1",
            inside: services.union(kernel).union(["sudo"])),
        Surroundings(
            description: "Kubernetes", lines: "$ kubectl describe pod a",
            programs: ["docker", "podman", "systemctl", "reboot", "modprobe"],
            words: ["daemon.json", "Docker Desktop", "`docker run"]),
        Surroundings(
            description: "Podman", lines: "$ podman ps", programs: ["docker"], parts: ["daemon.json"], words: ["daemon.json", "`docker "]),
        Surroundings(
            description: "a rootless engine", lines: "$ ls /run/user/1000/docker.sock",
            parts: ["sudo systemctl restart docker", "/etc/docker"]),
        Surroundings(
            description: "a cluster", lines: "[ann@login1 ~]$ squeue", programs: managers.union(kernel).union(["sudo", "docker"]),
            words: ["daemon.json"]),
        Surroundings(
            description: "a Jetson", lines: "ann@jetson:~$ go", parts: ["download.pytorch.org", "nvidia-driver"],
            words: ["nvidia.com/gpu"]),
        Surroundings(description: "no root", lines: "ann is not in the sudoers file.", programs: ["sudo"]),
    ]

    /// A value for every word, so that no cure is left out for want of one.
    private static let values = RemedyFacts.Word.meanings.keys.reduce(into: [String: String]()) { values, word in
        values[word] = word == "TORCH" ? "torch --index-url https://download.pytorch.org/whl/cu126" : "thing"
    }

    private func facts(_ lines: String) -> TextFacts { Diagnosis.facts(of: lines) }

    /// Every cure of every cause as it is shown there.
    private func shown(_ lines: String) -> [(cause: String, remedy: Remedy)] {
        let symptoms = SymptomLoader.builtIn
        let text = facts(lines)
        let choice = RemedyChoice(
            machine: .unknown, text: text, tables: text.holds(.arch, "jetson") ? [:] : ["TORCH": "torch"], rules: symptoms.facts,
            lacking: symptoms.lacking, isLab: false)
        var quoted = Self.values
        for word in ["STEP", "INSTALL", "START_ENGINE", "RESTART_ENGINE", "DAEMON_JSON", "TORCH", "TORCH_CUDA"] { quoted[word] = nil }
        if !text.holds(.arch, "jetson") { quoted["TORCH"] = Self.values["TORCH"] }
        return symptoms.causes.flatMap { cause in
            cause.cures.flatMap { cure -> [(cause: String, remedy: Remedy)] in
                var alone = cause
                var rule = cure
                rule.condition.seen = []
                rule.condition.absent = []
                rule.unknown = []
                alone.cures = [rule]
                return choice.remedies(of: alone, quoted: quoted) { _ in false }.map { (cause.id, $0) }
            }
        }
    }

    private func isLabeled(_ remedy: Remedy) -> Bool {
        let labels = SymptomLoader.builtIn.facts.compactMap(\.label)
        return labels.contains { remedy.text.en.hasPrefix($0.en) }
    }

    @Test("what an environment doesn't have is neither typed nor spoken of", arguments: all) func fits(_ place: Surroundings) {
        for (cause, remedy) in shown(place.lines) {
            let typed = Set(remedy.commands.flatMap(LackingPrograms.programs))
            if remedy.place != .file { #expect(typed.isDisjoint(with: place.programs), "\(cause): \(remedy.commands)") }
            if remedy.place == .there { #expect(typed.isDisjoint(with: place.inside), "\(cause): \(remedy.commands)") }
            for command in remedy.commands where remedy.place != .file {
                #expect(!place.parts.contains { command.contains($0) }, "\(cause): \(command)")
            }
            // A cure for another system or engine begins with that system's name.
            if !isLabeled(remedy) { #expect(!place.words.contains { remedy.text.en.contains($0) }, "\(cause): \(remedy.text.en)") }
        }
    }

    @Test("in a container, what only the machine has is said to belong to the machine") func host() {
        for (cause, remedy) in shown("root@0123456789ab:/work# go") where remedy.place == .shell {
            let typed = Set(remedy.commands.flatMap(LackingPrograms.programs))
            guard !typed.isDisjoint(with: Self.services.union(Self.kernel)) else { continue }
            #expect(isLabeled(remedy), "\(cause): \(remedy.text.en) \(remedy.commands)")
        }
    }

    @Test("if nothing shows the distribution, a package manager is named with its distribution") func manager() {
        for (cause, remedy) in shown("nothing to see") {
            let typed = Set(remedy.commands.flatMap(LackingPrograms.programs))
            if typed.intersection(Self.managers).isEmpty { continue }
            #expect(isLabeled(remedy), "\(cause): \(remedy.text.en) \(remedy.commands)")
        }
    }

    @Test("what deletes unnamed things is not first, and says what it deletes") func removal() {
        for fixture in SymptomFixtures.all {
            let all = Diagnosis.diagnose(output: fixture.output).first?.remedies ?? []
            for (index, remedy) in all.enumerated() where RemedyEffect(remedy).removesUnnamed {
                #expect(index > 0 || all.count == 1, "\(fixture.id): \(remedy.commands)")
                #expect(remedy.changes != nil, "\(fixture.id): \(remedy.commands)")
            }
        }
    }

    @Test("no cure of the tables deletes volumes or a whole system's data") func volumes() {
        let worst = [
            "volume prune", "--volumes", "down -v", "rm -rf /var/lib/docker", "system prune -a", "--unregister", "mkfs", "chmod 777",
            "chmod 666",
        ]
        for cause in SymptomLoader.builtIn.causes {
            for command in cause.cures.flatMap(\.allCommands) {
                #expect(!worst.contains { command.contains($0) }, "\(cause.id): \(command)")
            }
        }
    }

    @Test("a command that the output shows as typed isn't proposed first again") func again() {
        let output =
            "$ docker images\n$ docker run lab/none:1\ndocker: Error response from daemon: manifest for lab/none:1 not found: manifest unknown"
        let all = Diagnosis.diagnose(output: output).first?.remedies ?? []
        #expect(all.count > 1 && all.last?.commands == ["docker images"], "\(all.map(\.commands))")
        #expect(RemedyChoice.plain("sudo  docker ps") == "docker ps")
    }

    @Test("a prompt says more about the machine than the name of an image") func image() {
        let output =
            "[ann@fedora ~]$ docker run --gpus all nvidia/cuda:12.6.3-base-ubuntu22.04\ncould not select device driver \"\" with capabilities: [[gpu]]"
        let typed = Diagnosis.diagnose(output: output).first?.remedies.first?.commands ?? []
        #expect(typed.contains { $0.contains("dnf install") } && !typed.contains { $0.contains("apt-get") }, "\(typed)")
    }

    @Test("in a container, the machine's own cures keep their sudo, and the container's have none") func sudo() {
        let output = "root@0123456789ab:/work# nvidia-smi\nFailed to initialize NVML: Driver/library version mismatch"
        let first = Diagnosis.diagnose(output: output).first?.remedies.first
        #expect(first?.text.en.contains("host") == true && first?.commands.contains("reboot") == false)
        #expect(!facts(output).ofHost.holds(.user, "root") && facts(output).holds(.user, "root"))
    }
}
