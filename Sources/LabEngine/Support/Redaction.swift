/// Takes secrets out of what is shown, logged or written to a journal.
package enum Redaction {
    /// What stands in a secret's place.
    package static let mark = "***"

    /// The text with user name and password of every URL in it replaced: `http://joe:pw@proxy:3128` becomes `http://***@proxy:3128`.
    package static func urls(in text: String) -> String {
        var rest = text[...]
        var result = ""
        while let scheme = rest.firstRange(ofText: "://") {
            result += rest[..<scheme.upperBound]
            rest = rest[scheme.upperBound...]
            let authority = rest.prefix { !endsAuthority($0) }
            // The last @ ends the credentials: passwords with a bare @ are common, host names with one do not exist.
            if let at = authority.lastIndex(of: "@") {
                result += mark
                rest = rest[at...]
            }
        }
        return result + rest
    }

    /// The text with each of the given secrets replaced, the longest first so that no part of one is left over.
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

    /// True where a URL carries a user name or password.
    package static func hasCredentials(_ url: String) -> Bool { urls(in: url) != url }

    private static func endsAuthority(_ character: Character) -> Bool {
        character == "/" || character == "?" || character == "#" || character == "\"" || character == "'" || character.isWhitespace
    }
}

extension Substring {
    /// Where the text first occurs; the standard library's own search needs a module of its own.
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
