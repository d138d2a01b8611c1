/// The parts of an image name: `registry/name`, and a tag or a digest.
package struct ImageReference: Sendable, Hashable, CustomStringConvertible {
    /// Everything before the tag and the digest.
    package var repository: String
    /// `latest` if the name has neither a tag nor a digest.
    package var tag: String?
    /// `sha256:…`.
    package var digest: String?

    package init(_ text: String) {
        let parts = text.split(separator: "@", maxSplits: 1)
        digest = parts.count == 2 ? String(parts[1]) : nil
        let name = parts.first.map(String.init) ?? ""
        // A colon before the last slash belongs to a registry's port.
        if let colon = name.lastIndex(of: ":"), !name[colon...].contains("/") {
            repository = String(name[..<colon])
            tag = String(name[name.index(after: colon)...])
        } else {
            repository = name
            tag = digest == nil ? "latest" : nil
        }
    }

    package var description: String {
        repository + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }
}
