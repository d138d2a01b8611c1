extension Text {
    /// Names, numbers and the like, divided as each language divides them.
    package static func words(_ words: some Sequence<String>) -> Text {
        let words = Array(words)
        return Text(en: words.joined(separator: ", "), zh: words.joined(separator: "、"))
    }

    /// Several texts as one list.
    package static func list(_ texts: [Text]) -> Text {
        Text(en: texts.map(\.en).joined(separator: "; "), zh: texts.map(\.zh).joined(separator: "；"))
    }

    /// Both texts one after the other.
    package func joined(_ other: Text) -> Text { Text(en: en + other.en, zh: zh + other.zh) }

    /// A sentence and the next one: Chinese has no blank between the two.
    package func followed(by next: Text?) -> Text {
        guard let next else { return self }
        return Text(en: "\(en) \(next.en)", zh: zh + next.zh)
    }

    /// What it is about, and then the text.
    package func labelled(_ label: String) -> Text { Text(en: "\(label): \(en)", zh: "\(label)：\(zh)") }
}
