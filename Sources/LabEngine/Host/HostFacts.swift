import Glibc
import LabSupport

/// What this machine is, without judgement: the doctor decides what follows from it.
package struct HostFacts: Sendable, Equatable {
    /// Processors that this process may run on, and that a control group leaves it.
    package var processors: Processors
    package var memory: HostFact<Memory>
    /// The file system of the folder that was asked about.
    package var disk: HostFact<DiskSpace>
    /// `6.1.0-18-amd64`.
    package var kernel: String
    /// `x86_64`.
    package var machine: String
    package var distribution: HostFact<Distribution>
    package var user: HostUser
    package var controlGroups: ControlGroups
    package var nvidia: NVIDIAFacts

    /// Reads everything; a few milliseconds, no child process, no network. `folder` is the one whose disk is of interest.
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
                    Text(en: "This system has no /etc/os-release that names its distribution.", zh: "系统没有说明发行版的 /etc/os-release。")),
            user: .read(root: root),
            controlGroups: groups,
            nvidia: .read(root: root)
        )
    }

    private static func text<Tuple>(of field: Tuple) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

/// How many processors there are to work with.
package struct Processors: Sendable, Equatable {
    /// Switched on in the machine.
    package var online: Int
    /// Those that this process may run on.
    package var allowed: Int
    /// What a control group leaves, in processors; nil: no limit.
    package var quota: Double?

    /// The least of the three, as a whole number of at least one.
    package var usable: Int { max(1, min(online, allowed, quota.map { Int($0.rounded(.up)) } ?? .max)) }

    package static func read(root: HostRoot, groups: ControlGroups) -> Processors {
        let online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let list = root.lines("/proc/self/status")?.first { $0.hasPrefix("Cpus_allowed_list:") }
        let allowed = list.map { count(inList: $0.dropFirst("Cpus_allowed_list:".count).trimmed) } ?? 0
        return Processors(online: online, allowed: allowed > 0 ? allowed : online, quota: groups.processorLimit)
    }

    /// `0-3,8` is five.
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
    /// What programs can still get without swapping, the kernel's own estimate.
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
            return .absent(Text(en: "/proc/meminfo cannot be read here.", zh: "无法读取 /proc/meminfo。"))
        }
        return .known(
            Memory(
                total: total, available: values["MemAvailable"] ?? values["MemFree"] ?? 0, swapTotal: values["SwapTotal"] ?? 0,
                swapFree: values["SwapFree"] ?? 0))
    }
}

/// Room in a file system, for the user who asks.
package struct DiskSpace: Sendable, Equatable {
    /// The folder that was looked at: the one asked for, or its closest ancestor that exists.
    package var folder: String
    package var total: Int64
    package var free: Int64
    /// Nil where the file system has no fixed number of them (btrfs, and others that count none).
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
                        en: "The room below \(path) cannot be found out: \(String(cString: strerror(code))).",
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
