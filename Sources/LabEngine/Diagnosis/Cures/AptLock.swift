import Glibc
package import HostFacts
import LabSupport

/// The locks of apt and dpkg, and the process that holds one. ailab names it and waits for it, but never kills it.
package struct AptLock: Sendable {
    /// A process that holds a lock.
    package struct Holder: Sendable, Equatable {
        package var pid: Int32
        /// The command line, for display.
        package var program: String
        package var path: String
    }

    /// The locks that an installation takes, in this order.
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

    /// The process that holds one of the locks now. Nil if they're free.
    package var holder: Holder? {
        let locks = (root.lines("/proc/locks") ?? []).compactMap(Self.lock)
        for path in Self.paths {
            guard let file = Self.file(root.real(path)) else { continue }
            for lock in locks where lock.file.inode == file.inode && lock.pid != getpid() {
                // Inode numbers are unique only within a file system, so check that the process has this file open. Only root can see the
                // open files of root's processes. If that fails, compare the file systems.
                guard has(lock.pid, open: path) ?? lock.file.mayBe(file) else { continue }
                return Holder(pid: lock.pid, program: program(of: lock.pid), path: path)
            }
        }
        return nil
    }

    /// The device and inode numbers of a file.
    private struct FileNumber {
        var major: UInt32
        var minor: UInt32
        var inode: UInt64

        /// For file systems without a device of their own (btrfs, overlay), stat(2) and /proc/locks give different device numbers.
        func mayBe(_ other: FileNumber) -> Bool {
            inode == other.inode && major == other.major && (minor == other.minor || major == 0)
        }
    }

    /// Reads `1: POSIX  ADVISORY  WRITE 1234 fe:01:5678 0 EOF`. The device is hexadecimal.
    private static func lock(_ line: Substring) -> (pid: Int32, file: FileNumber)? {
        let words = line.split(separator: " ")
        guard words.count > 5, words[3] == "WRITE", let pid = Int32(words[4]), pid > 0 else { return nil }
        let numbers = words[5].split(separator: ":")
        guard numbers.count == 3, let major = UInt32(numbers[0], radix: 16), let minor = UInt32(numbers[1], radix: 16),
            let inode = UInt64(numbers[2])
        else { return nil }
        return (pid, FileNumber(major: major, minor: minor, inode: inode))
    }

    private static func file(_ path: String) -> FileNumber? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let device = UInt64(status.st_dev)
        // makedev(3) puts 12 and 8 bits of the numbers in the low half, and the rest in the high half.
        let major = UInt32(device >> 8 & 0xFFF) | UInt32(device >> 32 & 0xFFFF_F000)
        let minor = UInt32(device & 0xFF) | UInt32(device >> 12 & 0xFFFF_FF00)
        return FileNumber(major: major, minor: minor, inode: UInt64(status.st_ino))
    }

    /// Whether the process has the file open. Nil if this user may not see that.
    private func has(_ pid: Int32, open path: String) -> Bool? {
        let folder = "/proc/\(pid)/fd"
        guard access(root.real(folder), R_OK | X_OK) == 0 else { return nil }
        return root.names(in: folder).contains { Files.link(root.real("\(folder)/\($0)"))?.hasSuffix(path) ?? false }
    }

    private func program(of pid: Int32) -> String {
        let words = (root.bytes("/proc/\(pid)/cmdline") ?? []).split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        let line = SafeLines.clean(text: words.joined(separator: " ")).split(whereSeparator: \.isNewline).joined(separator: " ").prefix(80)
        guard line.isEmpty else { return String(line) }
        // If /proc hides other users' processes (hidepid), only the number is known.
        let name = SafeLines.clean(text: (root.text("/proc/\(pid)/comm") ?? "").filter { $0 != "\n" })
        return name.isEmpty ? "process \(pid)" : name
    }
}
