/// The languages of every text that a student reads.
package enum Language: String, Sendable, Codable, CaseIterable {
    case en
    case zh

    /// The language that `LC_ALL`, `LC_MESSAGES` or `LANG` asks for. `AILAB_LANG` takes precedence.
    package static func preferred(in environment: [String: String]) -> Language {
        for name in ["AILAB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
            guard let value = environment[name], !value.isEmpty else { continue }
            return value.lowercased().hasPrefix("zh") ? .zh : .en
        }
        return .en
    }
}
