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
            path = Files.folder(of: path)
        }
        return .known(
            DiskSpace(
                folder: path, total: bytes(UInt64(space.f_blocks), of: space), free: bytes(UInt64(space.f_bavail), of: space),
                freeInodes: space.f_files == 0 ? nil : Int64(clamping: space.f_favail), isReadOnly: space.f_flag & UInt(ST_RDONLY) != 0))
    }

    /// A file system without a limit may report the largest number as its blocks.
    private static func bytes(_ blocks: UInt64, of space: statvfs) -> Int64 {
        let (bytes, isTooLarge) = blocks.multipliedReportingOverflow(by: UInt64(space.f_frsize))
        return isTooLarge ? .max : Int64(clamping: bytes)
    }
}
