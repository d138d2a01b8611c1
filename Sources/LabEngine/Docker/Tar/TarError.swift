/// Why an archive can't be written, sent or read.
package enum TarError: Error, Sendable, Equatable {
    /// A system call failed on a path.
    case system(path: String, errno: Int32)
    /// A file had fewer bytes than when the archive began.
    case shrank(path: String)
    /// The bytes are not a valid archive.
    case damaged(String)
    /// A member's place is outside of the destination or behind a link, or its name contains a NUL.
    case unsafe(name: String)
    /// The container's path is not a regular file.
    case notAFile(path: String)
    /// A line of a `.dockerignore` that Docker would reject.
    case pattern(file: String, line: String)
}
