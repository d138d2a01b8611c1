import Glibc

/// The locks of apt and dpkg, and who holds them. The holder is never ended: it is named, and waited for.
package struct AptLock: Sendable {
    /// A process that holds one.
    package struct Holder: Sendable, Equatable {
        package var pid: Int32
        /// Its program, for a person.
        package var program: String
        package var path: String
    }

    /// The locks that an installation takes, in the order in which it takes them.
    package static let paths = [
        "/var/lib/dpkg/lock-frontend", "/var/lib/dpkg/lock", "/var/lib/apt/lists/lock", "/var/cache/apt/archives/lock",
    ]

    private let root: HostRoot

    package init(root: HostRoot = .machine) { self.root = root }

    /// Whether a command needs the locks.
    static func concerns(_ command: String) -> Bool {
        let words = command.split(whereSeparator: { " ;&|".contains($0) })
        return words.contains { ["apt", "apt-get", "dpkg", "aptitude"].contains($0) }
    }

    /// Who holds one of the locks now; nil: they are free.
    package var holder: Holder? {
        let locks = (root.lines("/proc/locks") ?? []).compactMap(Self.lock)
        for path in Self.paths {
            guard let inode = Self.inode(root.real(path)) else { continue }
            for lock in locks where lock.inode == inode && lock.pid != getpid() {
                // Inode numbers are unique within a file system only: the process must have this very file open.
                guard has(lock.pid, open: path) else { continue }
                return Holder(pid: lock.pid, program: program(of: lock.pid), path: path)
            }
        }
        return nil
    }

    /// `1: POSIX  ADVISORY  WRITE 1234 fe:01:5678 0 EOF`.
    private static func lock(_ line: Substring) -> (pid: Int32, inode: UInt64)? {
        let words = line.split(separator: " ")
        guard words.count > 5, words[3] == "WRITE", let pid = Int32(words[4]), pid > 0,
            let inode = words[5].split(separator: ":").last.flatMap({ UInt64($0) })
        else { return nil }
        return (pid, inode)
    }

    private static func inode(_ path: String) -> UInt64? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt64(status.st_ino) : nil
    }

    private func has(_ pid: Int32, open path: String) -> Bool {
        root.names(in: "/proc/\(pid)/fd").contains { Files.link(root.real("/proc/\(pid)/fd/\($0)"))?.hasSuffix(path) ?? false }
    }

    private func program(of pid: Int32) -> String {
        let words = (root.bytes("/proc/\(pid)/cmdline") ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        let line = SafeLines.clean(text: words.joined(separator: " ")).prefix(80)
        return line.isEmpty ? (root.text("/proc/\(pid)/comm") ?? "?").filter { $0 != "\n" } : String(line)
    }
}
