extension Text {
    /// A list of names or numbers with each language's separator.
    package static func words(_ words: some Sequence<String>) -> Text {
        let words = Array(words)
        return Text(en: words.joined(separator: ", "), zh: words.joined(separator: "、"))
    }

    /// Several texts as one list with semicolons.
    package static func list(_ texts: [Text]) -> Text {
        Text(en: texts.map(\.en).joined(separator: "; "), zh: texts.map(\.zh).joined(separator: "；"))
    }

    /// Both texts without a separator.
    package func joined(_ other: Text) -> Text { Text(en: en + other.en, zh: zh + other.zh) }

    /// Two sentences. Chinese has no space between them.
    package func followed(by next: Text?) -> Text {
        guard let next else { return self }
        return Text(en: "\(en) \(next.en)", zh: zh + next.zh)
    }

    /// The text after a label and a colon.
    package func labelled(_ label: String) -> Text { Text(en: "\(label): \(en)", zh: "\(label)：\(zh)") }
}
