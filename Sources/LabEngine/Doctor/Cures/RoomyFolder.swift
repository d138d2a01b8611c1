import Glibc

/// A folder with much room, for data that have no place where they are.
enum RoomyFolder {
    /// Room that is worth a move, bytes.
    private static let minimum: Int64 = 1 << 30

    /// The folder on the file system with the most free space that this user may write to; nil where none has any.
    static func find(environment: [String: String], root: HostRoot) -> String? {
        let points = KernelMount.all(root: root).map(\.point)
        let home = environment["HOME"].map { [$0] } ?? []
        let candidates =
            ["/var/tmp"] + home
            + points.filter { point in
                ["/home", "/srv", "/mnt", "/data", "/scratch", "/opt", "/media"].contains { point == $0 || point.hasPrefix($0 + "/") }
            }
        var best: (folder: String, free: Int64)?
        for folder in candidates where access(folder, W_OK) == 0 {
            guard case .known(let space) = DiskSpace.read(folder: folder), !space.isReadOnly, space.free > minimum else { continue }
            if best.map({ space.free > $0.free }) ?? true { best = (folder, space.free) }
        }
        return best?.folder
    }
}

/// A port of this machine that nobody listens on.
enum FreePort {
    /// The system's choice; nil where it gives none.
    static func find() -> UInt16? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                guard bind(descriptor, raw, length) == 0, getsockname(descriptor, raw, &length) == 0 else { return nil }
                return UInt16(bigEndian: pointer.pointee.sin_port)
            }
        }
    }
}
