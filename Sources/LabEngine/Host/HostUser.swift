import Glibc

/// The user that ailab runs as.
package struct HostUser: Sendable, Equatable {
    package var id: UInt32
    /// Empty where the user has no entry in `/etc/passwd`.
    package var name: String
    /// Names of the groups of this session; a number where a group has no name.
    package var groups: [String]
    /// Groups that list the user in `/etc/group` and that this session lacks: they count from the next login on.
    package var groupsAfterLogin: [String]

    /// Whoever runs this process, by this machine's files.
    package static func current() -> HostUser { read(root: .machine) }

    static func read(root: HostRoot) -> HostUser {
        let id = geteuid()
        let name = entries(of: "/etc/passwd", root: root).first { $0.number == id }?.name
        let groups = entries(of: "/etc/group", root: root)
        let session = sessionGroups()
        var later: [String] = []
        if let name {
            later = groups.filter { !session.contains($0.number) && $0.members.contains(name) }.map(\.name)
        }
        return HostUser(
            id: id, name: name ?? "",
            groups: session.map { number in groups.first { $0.number == number }?.name ?? String(number) },
            groupsAfterLogin: later)
    }

    /// A line of `/etc/passwd` or `/etc/group`: both have the name first and the number third.
    private struct Entry {
        var name: String
        var number: UInt32
        var members: [String]
    }

    private static func entries(of path: String, root: HostRoot) -> [Entry] {
        (root.lines(path) ?? []).compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 4, let number = UInt32(fields[2]) else { return nil }
            return Entry(name: String(fields[0]), number: number, members: fields[3].split(separator: ",").map(String.init))
        }
    }

    private static func sessionGroups() -> [UInt32] {
        var groups = [gid_t](repeating: 0, count: max(0, Int(getgroups(0, nil))))
        let count = getgroups(Int32(groups.count), &groups)
        groups = Array(groups.prefix(max(0, Int(count))))
        let own = getegid()
        return groups.contains(own) ? groups : [own] + groups
    }
}
