import Glibc
import LabSupport

/// A directory that goes away with its last reference, with all that is in it.
package final class TemporaryDirectory: Sendable {
    /// Where it lies.
    package let path: String

    package init() throws {
        path = TemporaryFile.unusedPath("d")
        try Files.makeDirectory(path)
    }

    deinit { Self.remove(path) }

    /// Writes a file below it, with the directories above; returns its path.
    @discardableResult
    package func write(_ text: String, to name: String, mode: UInt32 = 0o644) throws -> String {
        let file = "\(path)/\(name)"
        if let slash = file.lastIndex(of: "/") { try Files.makeDirectory(String(file[..<slash])) }
        try Files.write(Array(text.utf8), to: file)
        chmod(file, mode)
        return file
    }

    /// The text of a file below it.
    package func read(_ name: String) throws -> String { try Files.text("\(path)/\(name)") }

    /// A link below it.
    package func link(_ name: String, to target: String) throws {
        guard symlink(target, "\(path)/\(name)") == 0 else { throw SystemFailure(call: "symlink", number: errno) }
    }

    private static func remove(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR {
            for name in Files.names(in: path) { remove("\(path)/\(name)") }
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}
