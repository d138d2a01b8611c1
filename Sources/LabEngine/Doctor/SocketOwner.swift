import Glibc
import HostFacts

/// The owner and the mode of a socket, which decide who may use it.
struct SocketOwner: Sendable, Equatable {
    var path: String
    var user: String
    var group: String
    /// The mode in octal, such as `660`.
    var mode: String
    var admitsGroup: Bool

    /// Follows links, because `/var/run` is one.
    static func read(_ path: String, root: HostRoot) -> SocketOwner? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let mode = status.st_mode & 0o777
        return SocketOwner(
            path: path, user: name(status.st_uid, in: "/etc/passwd", root: root), group: name(status.st_gid, in: "/etc/group", root: root),
            mode: String(mode, radix: 8), admitsGroup: mode & 0o060 == 0o060)
    }

    private static func name(_ id: UInt32, in file: String, root: HostRoot) -> String {
        for line in root.lines(file) ?? [] {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count > 2, fields[2] == "\(id)" { return String(fields[0]) }
        }
        return String(id)
    }
}
