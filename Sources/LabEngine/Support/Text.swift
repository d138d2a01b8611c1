/// The languages that every word a student reads exists in.
package enum Language: String, Sendable, Codable, CaseIterable {
    case en
    case zh

    /// The language that `LC_ALL`, `LC_MESSAGES` and `LANG` ask for; `AILAB_LANG` overrules them.
    package static func preferred(in environment: [String: String]) -> Language {
        for name in ["AILAB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
            guard let value = environment[name], !value.isEmpty else { continue }
            return value.lowercased().hasPrefix("zh") ? .zh : .en
        }
        return .en
    }
}

/// A sentence in all languages at once.
///
/// Journals hold both, so that a run recorded in one language is read in the other, and the compiler refuses a text whose
/// translation was forgotten.
package struct Text: Sendable, Hashable, Codable {
    /// The English wording.
    package var en: String
    /// The Chinese (simplified) wording.
    package var zh: String

    package init(en: String, zh: String) {
        self.en = en
        self.zh = zh
    }

    /// A text that is the same in every language: a name, a path, another program's words.
    package init(verbatim: String) {
        self.init(en: verbatim, zh: verbatim)
    }

    package subscript(language: Language) -> String {
        switch language {
        case .en: en
        case .zh: zh
        }
    }

    /// Both languages with the same change applied, such as filling in `${variables}`.
    package func map<Failure: Error>(_ change: (String) throws(Failure) -> String) throws(Failure) -> Text {
        Text(en: try change(en), zh: try change(zh))
    }
}
