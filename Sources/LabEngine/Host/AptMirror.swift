/// A mirror of Debian's archive.
package struct AptMirror: Sendable, Equatable {
    /// The archive's address without a trailing slash, such as `http://mirror.example/debian`.
    package var archive: String
    /// The security archive's address, or nil for Debian's own.
    package var security: String?

    package init(archive: String, security: String? = nil) {
        self.archive = archive
        self.security = security
    }

    /// A mirror with the usual layout: the security archive `…/debian-security` is next to `…/debian`.
    package init(base: String) {
        var archive = base
        while archive.hasSuffix("/") { archive.removeLast() }
        self.init(archive: archive, security: archive.hasSuffix("/debian") ? archive + "-security" : nil)
    }
}
