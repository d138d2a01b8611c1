package import ContainerEngine
import Glibc
package import HostFacts
package import LabSupport

/// What is known of the machine, the engine and the failure, as far as commands depend on it.
package struct RemedyFacts: Sendable, Equatable {
    /// Something that is true of a machine or its engine.
    package enum Trait: String, Sendable, CaseIterable, Codable {
        case apt, dnf, zypper, pacman, apk
        case docker, podman, rootless, desktop
        /// The engine is ailab's own.
        case `private`
        /// The engine is Docker as a service of root's on this machine: not rootless, Docker Desktop's or ailab's own.
        case service
        /// The images lie in the system's containerd.
        case containerd
        /// What starts services.
        case systemd, sysvinit
        case wsl, snap
        /// The user is root.
        case root
        /// A program of NVIDIA's toolkit is there.
        case toolkit
        /// An NVIDIA card is there.
        case gpu
    }

    /// Nil: the machine is not known, for example that of a text that somebody sent.
    package var traits: Set<Trait>?
    /// Words in capitals with their values, from what ailab itself knows.
    package var values: [String: String]
    /// The lab's variables with the values that they have.
    package var variables: [String: String]

    package init(traits: Set<Trait>?, values: [String: String] = [:], variables: [String: String] = [:]) {
        self.traits = traits
        self.values = values
        self.variables = variables
    }

    /// Nothing is known: every remedy is shown, with the commands of a Debian with systemd.
    package static let unknown = RemedyFacts(traits: nil)

    /// Whether all those are true here; an unknown machine has none.
    func hold(_ wanted: [Trait]) -> Bool { wanted.isEmpty || (traits.map { Set(wanted).isSubset(of: $0) } ?? false) }

    /// The same with further values.
    package func with(_ more: [String: String], variables: [String: String] = [:]) -> RemedyFacts {
        RemedyFacts(
            traits: traits, values: values.merging(more) { _, new in new }, variables: self.variables.merging(variables) { _, new in new })
    }

    /// A text with the commands of this machine's engine.
    package func spoken(_ text: Text) -> Text { usesPodmansClient ? PodmanWords.text(text) : text }

    /// A remedy that no rule made, with the commands of this machine's engine.
    package func spoken(_ remedy: Remedy) -> Remedy {
        guard usesPodmansClient else { return remedy }
        var spoken = remedy
        spoken.text = PodmanWords.text(remedy.text)
        spoken.commands = remedy.commands.map(PodmanWords.command)
        return spoken
    }

    /// Podman answers, and docker's client is not there.
    var usesPodmansClient: Bool { traits.map { $0.contains(.podman) && !$0.contains(.docker) } ?? false }
}

extension RemedyFacts {
    /// Looks at this machine. `engine` is the one that answers, `isPrivate` whether ailab started it.
    package static func read(
        environment: [String: String], engine: EngineKind? = nil, isPrivate: Bool = false, root: HostRoot = .machine
    ) -> RemedyFacts {
        let programs = ExecutableLookup(path: environment["PATH"], below: root.real(""))
        var traits: Set<Trait> = []
        for (program, trait) in Self.programs where programs.find(program) != nil { traits.insert(trait) }
        // A distribution has one package manager of its own; others are tools on it.
        if let first = [Trait.apt, .dnf, .zypper, .pacman, .apk].first(where: traits.contains) {
            traits.subtract([.apt, .dnf, .zypper, .pacman, .apk])
            traits.insert(first)
        }
        if root.exists("/run/systemd/system") {
            traits.insert(.systemd)
        } else if root.exists("/etc/init.d/docker") {
            traits.insert(.sysvinit)
        }
        if (root.text("/proc/sys/kernel/osrelease") ?? "").lowercased().contains("microsoft") { traits.insert(.wsl) }
        if geteuid() == 0 { traits.insert(.root) }
        if root.exists("/dev/nvidia0") || root.exists("/proc/driver/nvidia/version") { traits.insert(.gpu) }
        if root.exists("/snap/bin/docker") { traits.insert(.snap) }
        if let engine { Self.add(engine, isPrivate, to: &traits) }
        var values: [String: String] = [:]
        if let user = environment["SUDO_USER"] ?? environment["USER"] ?? environment["LOGNAME"], Word.isHarmless(user) {
            values["ACCOUNT"] = user
        }
        values.merge(places(environment, root)) { own, _ in own }
        return RemedyFacts(traits: traits, values: values)
    }

    /// Places that commands can name.
    private static func places(_ environment: [String: String], _ root: HostRoot) -> [String: String] {
        var values: [String: String] = [:]
        values["BIG_FOLDER"] = RoomyFolder.find(environment: environment, root: root)
        values["DATA_FOLDER"] = RoomyFolder.findForEngine(root: root)
        values["HOME_FOLDER"] = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        values["FREE_PORT"] = FreePort.suggested(insteadOf: 8080).map(String.init)
        let network = HostNetwork.read(environment: environment)
        values["MIRROR"] = network.registryMirrors?.value.first
        values["CA"] = environment["AILAB_CA_BUNDLE"]
        let servers = (root.lines("/etc/resolv.conf") ?? []).filter { $0.hasPrefix("nameserver ") }.map { $0.dropFirst(11).trimmed }
        // A server on loopback is the host's own: containers do not reach it.
        values["SERVER"] = servers.first { !Loopback.contains(host: $0) }.map { String($0) }
        return values.filter { Word.isHarmless($0.value) }
    }

    private static let programs: [(String, Trait)] = [
        ("apt-get", .apt), ("dnf", .dnf), ("zypper", .zypper), ("pacman", .pacman), ("apk", .apk), ("docker", .docker),
        ("podman", .podman), ("nvidia-ctk", .toolkit),
    ]

    private static func add(_ engine: EngineKind, _ isPrivate: Bool, to traits: inout Set<Trait>) {
        switch engine.maker {
        case .docker:
            traits.insert(.docker)
            traits.remove(.podman)
        case .podman:
            traits.insert(.podman)
            // Docker's client is for another engine, unless somebody set DOCKER_HOST for it.
            traits.remove(.docker)
        case .other: break
        }
        if engine.isRootless == true { traits.insert(.rootless) }
        if engine.isDesktop == true { traits.insert(.desktop) }
        if isPrivate { traits.insert(.private) }
        if engine.usesSystemContainerd == true { traits.insert(.containerd) }
        // Where its info could not be read, nothing says so.
        if engine.maker == .docker, engine.isRootless == false, engine.isDesktop == false, !isPrivate { traits.insert(.service) }
    }

    /// Words that stand for a command of this very machine.
    func word(_ name: String) -> String? {
        let traits = traits ?? [.systemd, .apt]
        switch name {
        case "START_ENGINE": return Self.service("start", traits)
        case "RESTART_ENGINE": return Self.service("restart", traits)
        case "INSTALL":
            return Self.installers.first { traits.contains($0.0) }?.1
        case "DAEMON_JSON": return traits.contains(.rootless) ? "~/.config/docker/daemon.json" : "/etc/docker/daemon.json"
        default: return nil
        }
    }

    private static let installers: [(Trait, String)] = [
        (.apt, "sudo apt-get -o DPkg::Lock::Timeout=600 install -y"), (.dnf, "sudo dnf install -y"),
        (.zypper, "sudo zypper --non-interactive install"), (.pacman, "sudo pacman -S --noconfirm"), (.apk, "sudo apk add"),
    ]

    private static func service(_ verb: String, _ traits: Set<Trait>) -> String {
        if traits.contains(.private) {
            return verb == "start" ? "sudo ailab engine start" : "sudo ailab engine stop && sudo ailab engine start"
        }
        let name = traits.contains(.podman) && !traits.contains(.docker) ? "podman.socket" : "docker"
        if traits.contains(.systemd) {
            return traits.contains(.rootless) ? "systemctl --user \(verb) \(name)" : "sudo systemctl \(verb) \(name)"
        }
        if traits.contains(.sysvinit) { return "sudo service docker \(verb)" }
        return verb == "start" ? "sudo ailab engine start" : "sudo ailab engine stop && sudo ailab engine start"
    }
}
