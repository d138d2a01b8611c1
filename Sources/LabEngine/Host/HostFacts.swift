import Glibc
import LabSupport

/// Facts about this machine, without judgement. The doctor draws the conclusions.
package struct HostFacts: Sendable, Equatable {
    /// The processors that this process may use, including the limit of its control group.
    package var processors: Processors
    package var memory: HostFact<Memory>
    /// The file system of the given folder.
    package var disk: HostFact<DiskSpace>
    /// Such as `6.1.0-18-amd64`.
    package var kernel: String
    /// Such as `x86_64`.
    package var machine: String
    package var distribution: HostFact<Distribution>
    package var user: HostUser
    package var controlGroups: ControlGroups
    package var nvidia: NVIDIAFacts

    /// Reads all facts in a few milliseconds, without a child process or the network. `folder` selects the disk.
    package static func read(folder: String, root: HostRoot = .machine) -> HostFacts {
        let groups = ControlGroups.read(root: root)
        var name = utsname()
        uname(&name)
        return HostFacts(
            processors: .read(root: root, groups: groups),
            memory: Memory.read(root: root),
            disk: DiskSpace.read(folder: folder),
            kernel: text(of: name.release),
            machine: text(of: name.machine),
            distribution: Distribution.read(root: root).map { .known($0) }
                ?? .absent(
                    Text(en: "This system has no /etc/os-release that names its distribution.", zh: "系统中没有说明发行版的 /etc/os-release。")),
            user: .read(root: root),
            controlGroups: groups,
            nvidia: .read(root: root)
        )
    }

    private static func text<Tuple>(of field: Tuple) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

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

/// Memory in bytes.
package struct Memory: Sendable, Equatable {
    package var total: Int64
    /// What programs can still get without swapping, according to the kernel's own estimate.
    package var available: Int64
    package var swapTotal: Int64
    package var swapFree: Int64

    package static func read(root: HostRoot) -> HostFact<Memory> {
        var values: [Substring: Int64] = [:]
        for line in root.lines("/proc/meminfo") ?? [] {
            let words = line.split(whereSeparator: { $0 == ":" || $0 == " " })
            if words.count >= 2, let kibibytes = Int64(words[1]) { values[words[0]] = kibibytes * 1024 }
        }
        guard let total = values["MemTotal"] else {
            return .absent(Text(en: "Cannot read /proc/meminfo.", zh: "无法读取 /proc/meminfo。"))
        }
        return .known(
            Memory(
                total: total, available: values["MemAvailable"] ?? values["MemFree"] ?? 0, swapTotal: values["SwapTotal"] ?? 0,
                swapFree: values["SwapFree"] ?? 0))
    }
}

/// Space in a file system that the current user can use.
package struct DiskSpace: Sendable, Equatable {
    /// The examined folder: the given one, or its closest existing ancestor.
    package var folder: String
    package var total: Int64
    package var free: Int64
    /// Nil if the file system has no fixed number of inodes, such as btrfs.
    package var freeInodes: Int64?
    package var isReadOnly: Bool

    package static func read(folder: String) -> HostFact<DiskSpace> {
        var path = folder.isEmpty ? "." : folder
        var space = statvfs()
        while statvfs(path, &space) != 0 {
            let code = errno
            guard code == ENOENT || code == ENOTDIR, path != "/", path != "." else {
                return .absent(
                    Text(
                        en: "Cannot determine the free space of \(path): \(String(cString: strerror(code))).",
                        zh: "无法得知 \(path) 的剩余空间：\(String(cString: strerror(code)))。"))
            }
            path = parent(of: path)
        }
        let unit = Int64(space.f_frsize)
        return .known(
            DiskSpace(
                folder: path, total: Int64(space.f_blocks) * unit, free: Int64(space.f_bavail) * unit,
                freeInodes: space.f_files == 0 ? nil : Int64(space.f_favail), isReadOnly: space.f_flag & UInt(ST_RDONLY) != 0))
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
