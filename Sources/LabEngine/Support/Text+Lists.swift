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

    /// Chinese words and names in one sentence: a blank stands between a Chinese character and a Latin letter, a digit or a code.
    package static func chinese(_ parts: String...) -> String {
        parts.reduce(into: "") { text, part in
            let isMixed = text.unicodeScalars.last.map(isHan) == true && part.unicodeScalars.first.map(isLatin) == true
            let isMixedBackwards = text.unicodeScalars.last.map(isLatin) == true && part.unicodeScalars.first.map(isHan) == true
            text += (isMixed || isMixedBackwards ? " " : "") + part
        }
    }

    private static func isHan(_ scalar: Unicode.Scalar) -> Bool { (0x3400...0x9fff).contains(scalar.value) }

    private static func isLatin(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII && (scalar.properties.isAlphabetic || "0123456789`$-/.%".unicodeScalars.contains(scalar))
    }

    /// The text after a label and a colon.
    package func labelled(_ label: String) -> Text { Text(en: "\(label): \(en)", zh: "\(label)：\(zh)") }
}
