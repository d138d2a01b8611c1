/// A sentence in all languages.
///
/// Journals hold both languages, so a run recorded in one can be read in the other. The compiler rejects a text without its translation.
package struct Text: Sendable, Hashable, Codable {
    /// The English wording.
    package var en: String
    /// The Chinese (simplified) wording.
    package var zh: String

    package init(en: String, zh: String) {
        self.en = en
        self.zh = zh
    }

    /// A text that is the same in every language: a name, a path, another program's output.
    package init(verbatim: String) {
        self.init(en: verbatim, zh: verbatim)
    }

    package subscript(language: Language) -> String {
        switch language {
        case .en: en
        case .zh: zh
        }
    }

    /// Applies the same change to both languages, such as filling in `${variables}`.
    package func map<Failure: Error>(_ change: (String) throws(Failure) -> String) throws(Failure) -> Text {
        Text(en: try change(en), zh: try change(zh))
    }
}
