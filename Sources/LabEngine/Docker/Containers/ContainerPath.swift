/// A file or directory at a path inside a container.
package struct ContainerPath: Decodable, Sendable, Equatable {
    package var name: String
    package var size: Int64
    /// Go's file mode: permission bits at the low end, type bits at the high end.
    package var mode: UInt32
    /// RFC 3339.
    package var modified: String
    /// A link's target. Empty for anything else.
    package var linkTarget: String

    private enum CodingKeys: String, CodingKey {
        case name
        case size
        case mode
        case modified = "mtime"
        case linkTarget
    }

    package var isDirectory: Bool { mode & 1 << 31 != 0 }
}
