package import LabSupport

/// A root file system that ailab builds from the distribution's packages if no registry can be reached.
///
/// It replaces an image under its own name and never pretends to be the original.
package enum StandIn: Sendable, Equatable {
    /// Debian's minimal system with some packages added.
    case debian(suite: String, include: [String])
    /// Debian's static busybox with a link for every applet, plus some text files.
    case busybox(files: [InlineFile])

    /// The file name in the cache. The same name means the same contents.
    package var cacheName: String {
        switch self {
        case .debian(let suite, let include):
            return "standin-debian-\(suite)-\(Self.short(include.sorted().joined(separator: ",")))"
        case .busybox(let files):
            return "standin-busybox-\(Self.short(files.map { "\($0.path)\n\($0.content)" }.joined(separator: "\n\n")))"
        }
    }

    /// Words of a lab that programs of this machine get as arguments, and that aren't what they should be.
    var strangeWords: [String] {
        switch self {
        case .debian(let suite, let include):
            return [suite].filter { !DebianName.isRelease($0) } + include.filter { !DebianName.isPackage($0) }
        case .busybox: return []
        }
    }

    private static func short(_ text: String) -> String { String(SHA256.hex(of: text.utf8).prefix(12)) }
}
