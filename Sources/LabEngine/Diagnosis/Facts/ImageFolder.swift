package import ContainerEngine
package import HostFacts
import LabSupport

extension EngineInfo {
    /// The folder in which the images really lie. Nil if the engine doesn't say.
    package func imageFolder(root: HostRoot) -> String? {
        switch imageStore {
        case .engine: dataRoot
        case .ownContainerd: dataRoot.map { "\($0)/containerd/daemon" }
        case .systemContainerd: Self.containerdRoot(root)
        }
    }

    /// The data root of the system's containerd: https://github.com/containerd/containerd/blob/main/docs/man/containerd-config.toml.5.md
    private static func containerdRoot(_ root: HostRoot) -> String {
        for line in root.lines("/etc/containerd/config.toml") ?? [] {
            // The setting stands before the first table.
            if line.hasPrefix("[") { break }
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmed }
            let value = parts.count == 2 ? parts[1].filter { $0 != "\"" && $0 != "'" } : ""
            if parts.first == "root", value.hasPrefix("/") { return value }
        }
        return "/var/lib/containerd"
    }
}
