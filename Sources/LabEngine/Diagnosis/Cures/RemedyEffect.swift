import LabSupport

/// What a cure's commands touch. It's read from the commands themselves, so that no rule can forget to say it.
struct RemedyEffect {
    private let commands: [String]
    /// What was filled in from the output.
    private let named: Set<String>

    init(_ remedy: Remedy) {
        commands = remedy.commands
        named = Set(remedy.quoted.values)
    }

    /// The package managers that are called, as the values of the fact `packages`.
    var packageManagers: Set<String> { Set(programs.compactMap { Self.managers[$0] }) }

    /// True if something is restarted, loaded or configured that only the machine itself has, never a container on it.
    var isOfMachine: Bool { !Self.ofMachine.isDisjoint(with: programs) }

    /// True if a container engine's own command is called.
    var callsEngine: Bool { programs.contains("docker") || programs.contains("podman") }

    /// True if things are deleted that the output doesn't name and that nothing makes again by itself. Caches and lists don't count.
    var removesUnnamed: Bool {
        commands.contains { command in
            Self.removals.contains { command.contains($0) } && !Self.remade.contains { command.contains($0) }
                && !named.contains { command.contains($0) }
        }
    }

    private var programs: Set<String> { Set(commands.flatMap(LackingPrograms.programs)) }

    private static let managers = [
        "apt-get": "apt", "apt": "apt", "apt-cache": "apt", "apt-mark": "apt", "add-apt-repository": "apt", "dpkg": "apt",
        "update-alternatives": "apt", "dnf": "dnf", "yum": "dnf", "zypper": "zypper", "pacman": "pacman", "apk": "apk",
    ]
    private static let ofMachine: Set<String> = [
        "reboot", "modprobe", "rmmod", "systemctl", "service", "nvidia-ctk", "sysctl", "usermod", "snap", "journalctl", "dmesg", "wsl.exe",
        "timedatectl", "hwclock",
    ]
    private static let removals = [
        "system prune", "image prune", "volume prune", "container prune", " rmi ", " rm ", "rm -r", "--unregister",
        "down -v", "autoremove",
    ]
    /// What is made again when it is needed.
    private static let remade = ["/var/lib/apt/lists", "run --rm", "sources.list.d", ".venv", "pid"]
}
