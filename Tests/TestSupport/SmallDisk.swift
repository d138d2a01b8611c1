import Glibc
import LabSupport

/// A small disk of the test's own. Needs root.
package final class SmallDisk: Sendable {
    package let path: String

    /// `files` is how many files it can have.
    package init(kilobytes: Int, files: Int? = nil) throws {
        path = TemporaryFile.unusedPath("disk")
        try Files.makeDirectory(path)
        let options = "mode=755,size=\(kilobytes)k" + (files.map { ",nr_inodes=\($0)" } ?? "")
        guard mount("tmpfs", path, "tmpfs", 0, options) == 0 else { throw Files.error(errno, path) }
    }

    /// Takes all room that is left.
    package func fill() throws {
        let descriptor = open("\(path)/filler", O_WRONLY | O_CREAT | O_APPEND, 0o600)
        defer { close(descriptor) }
        for size in [4096, 1] { while Files.writeAll([UInt8](repeating: 1, count: size), to: descriptor) == 0 {} }
    }

    /// Makes files until it can have no more.
    package func fillWithFiles() throws {
        try Files.makeDirectory("\(path)/files")
        var number = 0
        while true {
            let descriptor = open("\(path)/files/\(number)", O_WRONLY | O_CREAT, 0o600)
            guard descriptor >= 0 else { return }
            close(descriptor)
            number += 1
        }
    }

    package func free() {
        unlink("\(path)/filler")
        for name in Files.names(in: "\(path)/files") { unlink("\(path)/files/\(name)") }
    }

    /// Forbids or allows writing.
    package func set(readOnly: Bool) throws {
        guard mount("tmpfs", path, "tmpfs", UInt(MS_REMOUNT) | (readOnly ? UInt(MS_RDONLY) : 0), "") == 0 else {
            throw Files.error(errno, path)
        }
    }

    deinit {
        umount2(path, Int32(MNT_DETACH))
        rmdir(path)
    }
}
