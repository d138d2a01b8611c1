/// One member of an archive that is read.
package struct TarMember: Sendable, Equatable {
    /// The kind of a member.
    package enum Kind: Sendable, Equatable {
        case file
        case directory
        case symlink(target: String)
        case hardLink(target: String)
        /// Devices, pipes and everything else, with the type's letter.
        case other(UInt8)
    }

    /// The path in the archive, without trailing slashes.
    package var name: String
    package var kind: Kind
    package var mode: UInt32
    package var size: Int64
    /// Seconds since 1970.
    package var modified: Int64
}
