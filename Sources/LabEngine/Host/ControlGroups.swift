/// Control groups: the mounted version, and the limits for this process.
package struct ControlGroups: Sendable, Equatable {
    package enum Version: String, Sendable {
        /// One hierarchy per controller.
        case v1
        /// The unified hierarchy.
        case v2
        /// Controllers in v1 hierarchies, with the unified hierarchy mounted in addition.
        case hybrid
        /// Nothing is mounted, so no engine can start containers.
        case none
    }

    package var version: Version
    /// Controllers that can limit containers.
    package var controllers: [String]
    /// Memory limit in bytes, or nil for none.
    package var memoryLimit: Int64?
    /// Limit in processors, or nil for none.
    package var processorLimit: Double?

    package static func read(root: HostRoot) -> ControlGroups {
        let mounts = KernelMount.all(root: root)
        let unified = mounts.first { $0.type == "cgroup2" }
        let old = mounts.filter { $0.type == "cgroup" }
        let own = ownPaths(root: root)
        if old.isEmpty {
            guard let unified else { return ControlGroups(version: .none, controllers: []) }
            return readUnified(at: unified.point, own: own[""] ?? "/", root: root)
        }
        let named = old.flatMap { mount in mount.options.filter { Self.v1Controllers.contains($0) } }
        var groups = ControlGroups(version: unified == nil ? .v1 : .hybrid, controllers: Array(Set(named)).sorted())
        if let memory = folder(of: "memory", mounts: old, own: own) {
            groups.memoryLimit = leastUp(memory) { number(root, $0 + "/memory.limit_in_bytes") }
        }
        if let cpu = folder(of: "cpu", mounts: old, own: own) {
            groups.processorLimit = leastUp(cpu) { path in
                guard let quota = number(root, path + "/cpu.cfs_quota_us"), quota > 0,
                    let period = number(root, path + "/cpu.cfs_period_us"), period > 0
                else { return nil }
                return Double(quota) / Double(period)
            }
        }
        return groups
    }

    private static let v1Controllers: Set<String> = ["cpu", "cpuacct", "cpuset", "memory", "devices", "freezer", "blkio", "pids"]

    private static func readUnified(at point: String, own: String, root: HostRoot) -> ControlGroups {
        let names = (root.text(point + "/cgroup.controllers") ?? "").split(whereSeparator: \.isWhitespace).map(String.init)
        var groups = ControlGroups(version: .v2, controllers: names.sorted())
        let folder = Folder(point: point, path: own)
        groups.memoryLimit = leastUp(folder) { number(root, $0 + "/memory.max") }
        groups.processorLimit = leastUp(folder) { path in
            let words = (root.text(path + "/cpu.max") ?? "").split(whereSeparator: \.isWhitespace)
            guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), period > 0 else { return nil }
            return quota / period
        }
        return groups
    }

    private struct Folder {
        var point: String
        var path: String
    }

    /// The lowest limit of a group and its ancestors, because all of them apply.
    private static func leastUp<Limit: Comparable>(_ folder: Folder, _ limit: (String) -> Limit?) -> Limit? {
        var parts = folder.path.split(separator: "/")
        var limits: [Limit] = []
        while true {
            if let found = limit(folder.point + parts.map { "/" + $0 }.joined()) { limits.append(found) }
            guard !parts.isEmpty else { return limits.min() }
            parts.removeLast()
        }
    }

    private static func folder(of controller: String, mounts: [KernelMount], own: [String: String]) -> Folder? {
        mounts.first { $0.options.contains(controller) }.map { Folder(point: $0.point, path: own[controller] ?? "/") }
    }

    private static func number(_ root: HostRoot, _ path: String) -> Int64? {
        guard let text = root.text(path), let value = Int64(text.trimmed) else { return nil }
        // cgroup v1 writes "no limit" as the largest multiple of the page size.
        return value >= Int64.max - 0xffff ? nil : value
    }

    /// The path of this process's group for each controller. The empty name is the unified hierarchy.
    private static func ownPaths(root: HostRoot) -> [String: String] {
        var paths: [String: String] = [:]
        for line in root.lines("/proc/self/cgroup") ?? [] {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            for name in parts[1].split(separator: ",", omittingEmptySubsequences: false) { paths[String(name)] = String(parts[2]) }
        }
        return paths
    }
}
