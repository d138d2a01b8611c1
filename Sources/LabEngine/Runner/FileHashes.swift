import Glibc
package import LabSupport

/// The hashes of files that a run has read. A file is read again only if it has changed since: a run asks for the same folders before each
/// task, and hashing a large one takes seconds.
package final class FileHashes: Sendable {
    /// How a file was when it was read.
    private struct Known: Equatable {
        var hash: String
        var size: Int
        var changed: [Int]

        static func signature(_ status: stat) -> [Int] {
            [Int(status.st_dev), Int(status.st_ino), Int(status.st_ctim.tv_sec), Int(status.st_ctim.tv_nsec), Int(status.st_mtim.tv_sec)]
        }
    }

    private let known = Locked<[PathBelow: Known]>([:])

    package init() {}

    /// The digest of a file. Stops at once if the task is cancelled.
    package func hash(of path: PathBelow) throws -> String {
        let status = try path.status()
        let (size, changed) = (Int(status.st_size), Known.signature(status))
        if let known = known.withLock({ $0[path] }), known.size == size, known.changed == changed { return known.hash }
        let hash = try path.sha256()
        known.withLock { $0[path] = Known(hash: hash, size: size, changed: changed) }
        return hash
    }
}
