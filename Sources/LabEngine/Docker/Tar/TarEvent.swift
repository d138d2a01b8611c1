/// An event while reading an archive.
package enum TarEvent: Sendable, Equatable {
    case member(TarMember)
    /// Bytes of the current member.
    case data([UInt8])
    /// The current member is complete.
    case memberEnd
}
