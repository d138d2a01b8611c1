/// Why an archive cannot be made or read.
package enum TarError: Error, Sendable, Equatable {
    /// A system call failed on a path.
    case system(path: String, errno: Int32)
    /// A file has fewer bytes than when the archive was begun.
    case shrank(path: String)
    /// The bytes are not an archive.
    case malformed(String)
    /// A member would be placed outside the destination or behind a link.
    case unsafe(name: String)
}
