import FoundationEssentials
import HostFacts
import LabSupport

/// The command line of a private engine, and its configuration file.
struct DaemonCommand {
    let layout: PrivateEngineLayout
    let options: PrivateEngineOptions
    let root: HostRoot
    let programs: ExecutableLookup
    let environment: [String: String]

    /// Nil if a program is missing. The check for obstacles comes first.
    func command() -> ChildCommand? {
        guard let dockerd = programs.find("dockerd") else { return nil }
        var environment = environment
        environment["PATH"] = programs.searchPath
        guard options.isolatesNetwork else { return ChildCommand(dockerd, arguments, environment: environment, timeout: nil) }
        guard let unshare = programs.find("unshare") else { return nil }
        // unshare replaces itself with the program, so the pid is dockerd's.
        let isolated = ["--net", "--mount", dockerd] + arguments + ["--bridge=none", "--iptables=false", "--ip-forward=false"]
        return ChildCommand(unshare, isolated, environment: environment, timeout: nil)
    }

    private var arguments: [String] {
        var arguments = [
            "--data-root", layout.dataRoot, "--exec-root", layout.execRoot, "--pidfile", layout.pidFile,
            "--host", "unix://" + layout.socket, "--config-file", layout.configuration,
            // Name the driver, so that an engine that cannot use it stops with an error. Otherwise it would silently fall back to vfs.
            "--storage-driver", "overlay2",
        ]
        if let size = packetSize, size < 1500, !options.isolatesNetwork { arguments += ["--mtu", String(size)] }
        return arguments
    }

    /// The contents of `daemon.json`. The private engine has its own file, because the machine's may name other hosts and folders.
    var configuration: String {
        struct Configuration: Encodable {
            var mirrors: [String]?
            enum CodingKeys: String, CodingKey { case mirrors = "registry-mirrors" }
        }
        let mirrors = options.registryMirrors.map { "https://" + $0 }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let data = try? encoder.encode(Configuration(mirrors: mirrors.isEmpty ? nil : mirrors))
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// The MTU of the default route's interface. Behind a tunnel, it is smaller than a bridge's default. Without `--mtu`, connections from
    /// containers would then hang in the middle of a download.
    private var packetSize: Int? { WayOut(root: root)?.packetSize }
}
