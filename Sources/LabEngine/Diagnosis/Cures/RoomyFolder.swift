import Glibc
import HostFacts

/// A folder with much room, for data that have no place where they are.
enum RoomyFolder {
    /// Room that is worth a move, bytes.
    private static let minimum: Int64 = 1 << 30
    /// An engine unpacks images of tens of thousands of files each.
    private static let minimumInodes: Int64 = 100_000
    /// Where administrators mount disks that stay; below `/media` are those that somebody plugged in.
    private static let lasting = ["/home", "/srv", "/mnt", "/data", "/scratch", "/opt"]

    /// The folder on the file system with the most free space that this user may write to; nil where none has any.
    static func find(environment: [String: String], root: HostRoot) -> String? {
        let points = KernelMount.all(root: root).map(\.point)
        let home = environment["HOME"].map { [$0] } ?? []
        let candidates = ["/var/tmp"] + home + points.filter { isBelow($0, lasting + ["/media"]) }
        return freest(of: candidates.filter { access($0, W_OK) == 0 }, root: .machine)
    }

    /// The folder for an engine's data: nobody but root can put anything there first, nothing cleans up there (as in `/var/tmp`), and the
    /// file system can hold images. Nil where there is none.
    static func findForEngine(root: HostRoot) -> String? {
        let mounts = KernelMount.all(root: root)
        let candidates = ["/srv"] + mounts.map(\.point).filter { isBelow($0, lasting) }
        return freest(of: candidates.filter { isRoots($0, root: root) && holdsImages($0, mounts) }, root: root)
    }

    private static func isBelow(_ point: String, _ folders: [String]) -> Bool {
        folders.contains { point == $0 || point.hasPrefix($0 + "/") }
    }

    private static func freest(of candidates: [String], root: HostRoot) -> String? {
        var best: (folder: String, free: Int64)?
        for folder in candidates {
            guard root.exists(folder), case .known(let space) = DiskSpace.read(folder: root.real(folder)), !space.isReadOnly,
                space.free > minimum, space.freeInodes.map({ $0 > minimumInodes }) ?? true
            else { continue }
            if best.map({ space.free > $0.free }) ?? true { best = (folder, space.free) }
        }
        return best?.folder
    }

    /// Whether a folder and all that lead to it are root's, no links, and writable by nobody else.
    static func isRoots(_ folder: String, root: HostRoot = .machine) -> Bool {
        var path = ""
        for part in folder.split(separator: "/") {
            path += "/" + part
            var status = stat()
            guard lstat(root.real(path), &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == 0,
                status.st_mode & S_IWOTH == 0, status.st_gid == 0 || status.st_mode & S_IWGRP == 0
            else { return false }
        }
        return !path.isEmpty
    }

    /// False for memory, for other machines' disks, and for file systems without owners. The last of the mounts at a point is the one seen.
    private static func holdsImages(_ folder: String, _ mounts: [KernelMount]) -> Bool {
        let above = mounts.filter { $0.point == "/" || isBelow(folder, [$0.point]) }
        guard let length = above.map(\.point.count).max(), let type = above.last(where: { $0.point.count == length })?.type else {
            return false
        }
        return !unsuitable.contains(type) && !type.hasPrefix("fuse")
    }

    private static let unsuitable: Set<String> = [
        "tmpfs", "ramfs", "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "lustre", "vfat", "msdos", "exfat", "ntfs", "ntfs3",
        "iso9660",
        "squashfs",
    ]
}
