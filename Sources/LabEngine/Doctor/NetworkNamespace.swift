import HostFacts

/// The network interfaces that a process sees.
enum NetworkNamespace {
    /// The numbers of the interfaces at the other ends of the process's veth pairs. Nil if they can't be read.
    ///
    /// `/proc/PID/root/sys` shows the network namespace in which the container's `/sys` was mounted.
    static func peers(ofProcess pid: Int, root: HostRoot) -> Set<String>? {
        let folder = "/proc/\(pid)/root/sys/class/net"
        let names = root.names(in: folder)
        guard !names.isEmpty else { return nil }
        return Set(names.compactMap { root.text("\(folder)/\($0)/iflink")?.trimmed }.map(String.init))
    }
}
