package import HostFacts
import LabSupport

/// The processes of the machine.
package enum ProcessTable {
    package static func entry(_ pid: Int32, root: HostRoot = .machine) -> ProcessEntry? {
        // The name is in parentheses and may itself contain spaces and parentheses.
        guard let text = root.text("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 19, let parent = Int32(fields[1]), let ticks = UInt64(fields[19]) else { return nil }
        let arguments = (root.bytes("/proc/\(pid)/cmdline") ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return ProcessEntry(pid: pid, parent: parent, state: fields[0].first ?? "?", startTicks: ticks, arguments: arguments)
    }

    package static func all(root: HostRoot = .machine) -> [ProcessEntry] {
        root.names(in: "/proc").compactMap { Int32($0) }.compactMap { entry($0, root: root) }
    }

    /// The Docker daemons that use the same network as we do.
    ///
    /// A daemon in a container (docker-in-docker, kind) has a network namespace of its own, and so its own bridge and packet filter rules. It
    /// shows up in our `/proc`, but it neither disturbs our engine nor listens where we could reach it. If a namespace can't be read, which
    /// needs root for other people's processes, the daemon counts as ours.
    package static func daemons(root: HostRoot = .machine) -> [ProcessEntry] {
        let network = Files.link(root.real("/proc/self/ns/net"))
        return all(root: root).filter { entry in
            guard entry.program == "dockerd", entry.isAlive else { return false }
            guard let network, let other = Files.link(root.real("/proc/\(entry.pid)/ns/net")) else { return true }
            return other == network
        }
    }

    /// The descendants of these processes, without the processes themselves.
    static func descendants(of ancestors: Set<Int32>, in table: [ProcessEntry]) -> [ProcessEntry] {
        var known = ancestors
        var found: [ProcessEntry] = []
        var grew = true
        while grew {
            grew = false
            for entry in table where known.contains(entry.parent) && known.insert(entry.pid).inserted {
                found.append(entry)
                grew = true
            }
        }
        return found
    }
}
