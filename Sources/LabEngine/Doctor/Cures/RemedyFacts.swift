import Glibc

/// What is known of the machine, the engine and the failure, as far as commands depend on it.
package struct RemedyFacts: Sendable, Equatable {
    /// Something that is true of a machine or its engine.
    package enum Trait: String, Sendable, CaseIterable, Codable {
        case apt, dnf, zypper, pacman, apk
        case docker, podman, rootless, desktop
        /// The engine is ailab's own.
        case `private`
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

    package init(traits: Set<Trait>?, values: [String: String] = [:]) {
        self.traits = traits
        self.values = values
    }

    /// Nothing is known: every remedy is shown, with the commands of a Debian with systemd.
    package static let unknown = RemedyFacts(traits: nil)

    /// Whether all those are true here; an unknown machine has none.
    func hold(_ wanted: [Trait]) -> Bool { wanted.isEmpty || (traits.map { Set(wanted).isSubset(of: $0) } ?? false) }

    /// The same with further values.
    package func with(_ more: [String: String]) -> RemedyFacts {
        RemedyFacts(traits: traits, values: values.merging(more) { _, new in new })
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
        return RemedyFacts(traits: traits, values: values)
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
        case .podman: traits.insert(.podman)
        case .other: break
        }
        if engine.isRootless == true { traits.insert(.rootless) }
        if engine.isDesktop == true { traits.insert(.desktop) }
        if isPrivate { traits.insert(.private) }
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

extension RemedyFacts {
    /// Words in capitals that commands may hold.
    package enum Word {
        /// All of them, and what each stands for.
        package static let meanings: [String: Text] = [
            "ACCOUNT": Text(en: "your login name", zh: "你的登录名"),
            "BASE": Text(en: "the base image", zh: "基础镜像"),
            "BIG_FOLDER": Text(en: "a folder on a disk with room", zh: "空间充足的磁盘上的目录"),
            "CA": Text(en: "the file of the network's own authority", zh: "网络自有 CA 的证书文件"),
            "COMMAND": Text(en: "the command", zh: "命令"),
            "CONTAINER": Text(en: "the container's name", zh: "容器名"),
            "CONTEXT": Text(en: "the folder that is built", zh: "构建目录"),
            "DAEMON_JSON": Text(en: "the daemon's configuration", zh: "守护进程的配置文件"),
            "FILE": Text(en: "the file", zh: "文件"),
            "FOLDER": Text(en: "the folder", zh: "目录"),
            "FREE_PORT": Text(en: "a port that is free", zh: "空闲端口"),
            "HANDLER": Text(en: "the handler's module", zh: "handler 模块名"),
            "HOST": Text(en: "the host", zh: "主机"),
            "IMAGE": Text(en: "the image", zh: "镜像"),
            "INSTALL": Text(en: "the package manager's command", zh: "包管理器的安装命令"),
            "KEY": Text(en: "the key", zh: "密钥"),
            "MIRROR": Text(en: "the address of a mirror", zh: "镜像站地址"),
            "MODEL": Text(en: "the file of the weights", zh: "模型权重文件"),
            "MODULE": Text(en: "the Python module", zh: "Python 模块"),
            "NAME": Text(en: "the name", zh: "名称"),
            "NAMES": Text(en: "what names begin with: another word", zh: "名称前缀：换一个词"),
            "NAME_VARIABLE": Text(en: "the lab's variable for names", zh: "实验中的名称变量"),
            "NUMBER": Text(en: "the number", zh: "数字"),
            "OTHER": Text(en: "another name", zh: "另一个名称"),
            "OWNER": Text(en: "the owner", zh: "所有者"),
            "PACKAGE": Text(en: "the package", zh: "软件包"),
            "PATH": Text(en: "the path", zh: "路径"),
            "PICTURE": Text(en: "the picture", zh: "图片"),
            "PORT": Text(en: "the port", zh: "端口"),
            "PORT_VARIABLE": Text(en: "the lab's variable for that port", zh: "实验中对应该端口的变量"),
            "RESTART_ENGINE": Text(en: "what restarts the engine", zh: "重启引擎的命令"),
            "SCRIPT": Text(en: "the script", zh: "脚本"),
            "SERVER": Text(en: "the address of a name server", zh: "DNS 服务器地址"),
            "START_ENGINE": Text(en: "what starts the engine", zh: "启动引擎的命令"),
            "STEP": Text(en: "the step's number", zh: "步骤编号"),
            "TAG": Text(en: "the tag", zh: "标签"),
            "URL": Text(en: "the address", zh: "地址"),
            "WEIGHTS": Text(en: "the file of the weights", zh: "权重文件"),
        ]

        static let names = Set(meanings.keys)

        /// Whether a word that a program printed may stand in a command: nothing that a shell or an option parser takes for more than a
        /// word.
        package static func isHarmless(_ word: String) -> Bool {
            guard let first = word.utf8.first, word.utf8.count <= 200, first != UInt8(ascii: "-"), first != UInt8(ascii: "~") else {
                return false
            }
            return word.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: Array("._/:@+-,%".utf8).contains(byte)
                }
            }
        }
    }
}
