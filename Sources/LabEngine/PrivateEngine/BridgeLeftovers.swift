import CSystem
package import HostFacts

/// Ports on docker's bridge that belong to containers of a killed engine.
///
/// The namespace of such a container stays while its file is mounted, and its interface still answers for its address. The next engine
/// assigns addresses from the beginning again. Then two interfaces have the same address, and connections to the new container are reset.
package struct BridgeLeftovers {
    let root: HostRoot
    private let bridge = "docker0"

    package init(root: HostRoot) { self.root = root }

    /// The interfaces on the bridge that no running process can need.
    ///
    /// Empty if an engine or a container runs: with `live-restore`, containers outlive their dockerd.
    package func found() -> [String] {
        let ports = root.names(in: "/sys/class/net/\(bridge)/brif")
        guard !ports.isEmpty else { return [] }
        let lives = ProcessTable.all(root: root).contains { entry in
            entry.isAlive && (entry.program == "dockerd" || entry.program.hasPrefix("containerd"))
        }
        return lives ? [] : ports.sorted()
    }

    /// Removes the interfaces. Failures are ignored, because dockerd starts anyway.
    package func remove() {
        for port in found() {
            guard let index = root.text("/sys/class/net/\(port)/ifindex").flatMap({ UInt32($0.trimmed) }) else { continue }
            _ = cs_delete_interface(index)
        }
    }
}
