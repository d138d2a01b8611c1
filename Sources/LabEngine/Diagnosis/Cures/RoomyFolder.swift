import Glibc
import HostFacts

/// Finds a folder with enough free space for data that no longer fits where it is.
enum RoomyFolder {
    /// The free space, in bytes, that makes a move worthwhile.
    private static let minimumSpace: Int64 = 1 << 30
    /// An engine unpacks images that have tens of thousands of files each.
    private static let minimumInodes: Int64 = 100_000
    /// Where administrators mount permanent disks. The ones below `/media` are removable.
    private static let permanent = ["/home", "/srv", "/mnt", "/data", "/scratch", "/opt"]

    /// The folder on the file system with the most free space that this user may write to. Nil if none has enough.
    static func find(environment: [String: String], root: HostRoot) -> String? {
        let points = KernelMount.all(root: root).map(\.point)
        let home = environment["HOME"].map { [$0] } ?? []
        let candidates = ["/var/tmp"] + home + points.filter { isBelow($0, permanent + ["/media"]) }
        return freest(of: candidates.filter { access($0, W_OK) == 0 }, root: .machine)
    }

    /// A folder for an engine's data, or nil. Only root can create files there, so nobody can prepare the place. Nothing cleans it up, as it
    /// would in `/var/tmp`. And its file system can store images.
    static func findForEngine(root: HostRoot) -> String? {
        let mounts = KernelMount.all(root: root)
        let candidates = ["/srv"] + mounts.map(\.point).filter { isBelow($0, permanent) }
        return freest(of: candidates.filter { isRoots($0, root: root) && holdsImages($0, mounts) }, root: root)
    }

    private static func isBelow(_ point: String, _ folders: [String]) -> Bool {
        folders.contains { point == $0 || point.hasPrefix($0 + "/") }
    }

    private static func freest(of candidates: [String], root: HostRoot) -> String? {
        var best: (folder: String, free: Int64)?
        for folder in candidates {
            guard root.exists(folder), case .known(let space) = DiskSpace.read(folder: root.real(folder)), !space.isReadOnly,
                space.free > minimumSpace, space.freeInodes.map({ $0 > minimumInodes }) ?? true
            else { continue }
            if best.map({ space.free > $0.free }) ?? true { best = (folder, space.free) }
        }
        return best?.folder
    }

    /// Whether the folder and all its parents belong to root, aren't links, and are writable only for root.
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

    /// False for memory, network file systems, and file systems without owners. If a mount point has several mounts, the last one is visible.
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
