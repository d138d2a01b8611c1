import CSystem
package import HostFacts

/// Ports of docker's bridge that belong to containers of an engine that was killed.
///
/// The namespace of such a container stays while its file is mounted, and in it an interface that still answers for its address. The next
/// engine counts addresses from the beginning again, so two interfaces have the same one: connections to the new container are reset.
package struct BridgeLeftovers {
    let root: HostRoot
    private let bridge = "docker0"

    package init(root: HostRoot) { self.root = root }

    /// The interfaces on the bridge, where nothing that runs can need them.
    ///
    /// Empty where an engine or a container lives: containers outlive their dockerd where it was told so (`live-restore`).
    package func found() -> [String] {
        let ports = root.names(in: "/sys/class/net/\(bridge)/brif")
        guard !ports.isEmpty else { return [] }
        let lives = ProcessTable.all(root: root).contains { entry in
            entry.isAlive && (entry.program == "dockerd" || entry.program.hasPrefix("containerd"))
        }
        return lives ? [] : ports.sorted()
    }

    /// Takes them away. What cannot be removed stays: dockerd starts all the same.
    package func remove() {
        for port in found() {
            guard let index = root.text("/sys/class/net/\(port)/ifindex").flatMap({ UInt32($0.trimmed) }) else { continue }
            _ = cs_delete_interface(index)
        }
    }
}
