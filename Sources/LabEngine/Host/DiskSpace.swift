import Glibc
import LabSupport

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
