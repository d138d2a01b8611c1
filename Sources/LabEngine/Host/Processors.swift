import Glibc

/// The number of available processors.
package struct Processors: Sendable, Equatable {
    /// Processors that are online.
    package var online: Int
    /// Processors that this process may run on.
    package var allowed: Int
    /// The control group's limit in processors, or nil for none.
    package var quota: Double?

    /// The lowest of the three, as a whole number of at least one.
    package var usable: Int { max(1, min(online, allowed, quota.map { Int($0.rounded(.up)) } ?? .max)) }

    package static func read(root: HostRoot, groups: ControlGroups) -> Processors {
        let online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let list = root.lines("/proc/self/status")?.first { $0.hasPrefix("Cpus_allowed_list:") }
        let allowed = list.map { count(inList: $0.dropFirst("Cpus_allowed_list:".count).trimmed) } ?? 0
        return Processors(online: online, allowed: allowed > 0 ? allowed : online, quota: groups.processorLimit)
    }

    /// Counts the processors in a list: `0-3,8` gives five.
    package static func count(inList list: Substring) -> Int {
        list.split(separator: ",").reduce(0) { sum, range in
            let ends = range.split(separator: "-").compactMap { Int($0) }
            guard let first = ends.first, let last = ends.last, last >= first else { return sum }
            return sum + last - first + 1
        }
    }
}
