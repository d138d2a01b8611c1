/// Removes secrets from text that is shown, logged or written to a journal.
package enum Redaction {
    /// The replacement for a secret.
    package static let mark = "***"

    /// Replaces the user name and password in every URL: `http://joe:pw@proxy:3128` becomes `http://***@proxy:3128`.
    package static func urls(in text: String) -> String {
        var rest = text[...]
        var result = ""
        while let scheme = rest.firstRange(ofText: "://") {
            result += rest[..<scheme.upperBound]
            rest = rest[scheme.upperBound...]
            let authority = rest.prefix { !endsAuthority($0) }
            // The last @ ends the credentials: passwords may contain a bare @, but host names never do.
            if let at = authority.lastIndex(of: "@") {
                result += mark
                rest = rest[at...]
            }
        }
        return result + rest
    }

    /// Replaces each of the given secrets. The longest goes first, so that no part of a secret remains.
    package static func secrets(_ secrets: [String], in text: String) -> String {
        secrets.filter { !$0.isEmpty }.sorted { $0.count > $1.count }.reduce(text) { text, secret in
            var rest = text[...]
            var result = ""
            while let found = rest.firstRange(ofText: secret) {
                result += rest[..<found.lowerBound] + mark
                rest = rest[found.upperBound...]
            }
            return result + rest
        }
    }

    /// True if a URL contains a user name or password.
    package static func hasCredentials(_ url: String) -> Bool { urls(in: url) != url }

    private static func endsAuthority(_ character: Character) -> Bool {
        character == "/" || character == "?" || character == "#" || character == "\"" || character == "'" || character.isWhitespace
    }
}

extension Substring {
    /// The first range of the text. The standard library's own search needs an extra module.
    fileprivate func firstRange(ofText wanted: String) -> Range<Index>? {
        guard let first = wanted.first else { return nil }
        var start = startIndex
        while let candidate = self[start...].firstIndex(of: first) {
            if self[candidate...].hasPrefix(wanted) { return candidate..<index(candidate, offsetBy: wanted.count) }
            start = index(after: candidate)
        }
        return nil
    }
}
