import HostFacts
import LabSupport
import PrivateEngine

/// The TCP ports on which this machine listens, and their processes.
enum PortTable {
    static func isListened(_ port: Int, root: HostRoot) -> Bool { !inodes(of: port, root: root).isEmpty }

    /// The process that listens. Nil if there's none, or if it belongs to another user, because then only root can see it.
    static func holder(of port: Int, root: HostRoot) -> (program: String, pid: Int32)? {
        let sockets = Set(inodes(of: port, root: root).map { "socket:[\($0)]" })
        guard !sockets.isEmpty else { return nil }
        for pid in root.names(in: "/proc").compactMap({ Int32($0) }) {
            let folder = "/proc/\(pid)/fd"
            for name in root.names(in: folder) {
                guard let link = Files.link(root.real("\(folder)/\(name)")), sockets.contains(link) else { continue }
                return (ProcessTable.entry(pid, root: root)?.program ?? "?", pid)
            }
        }
        return nil
    }

    /// The inodes of the sockets that listen on the port. A line's second word is the address, its fourth the state, its tenth the inode:
    /// https://www.kernel.org/doc/html/latest/networking/proc_net_tcp.html
    private static func inodes(of port: Int, root: HostRoot) -> [Substring] {
        let wanted = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: max(0, 4 - wanted.count)) + wanted
        return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { root.lines($0) ?? [] }.compactMap { line in
            let words = line.split(separator: " ")
            return words.count > 9 && words[3] == "0A" && words[1].hasSuffix(suffix) ? words[9] : nil
        }
    }

    /// The addresses on which a program listens on the port. `*` means `0.0.0.0` or `::`.
    static func addresses(of port: Int, root: HostRoot) -> [String] {
        let wanted = String(port, radix: 16, uppercase: true)
        let suffix = ":" + String(repeating: "0", count: max(0, 4 - wanted.count)) + wanted
        return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { root.lines($0) ?? [] }.compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 9, words[3] == "0A", words[1].hasSuffix(suffix) else { return nil }
            let address = words[1].dropLast(suffix.count)
            return address.allSatisfy { $0 == "0" } ? "*" : String(address)
        }
    }
}
