/// `$NAME`, `${NAME}`, `${NAME:-word}` and `${NAME:+word}` of Dockerfile words.
enum DockerfileVariables {
    /// A text with its variables filled in.
    struct Expanded {
        var text: String
        /// False if a value isn't known. The text then lacks it.
        var isComplete: Bool
    }

    private enum Part {
        case text(String)
        case variable(String, isDefaulted: Bool, other: String)
    }

    static func names(in text: String) -> [String] {
        parts(of: text).compactMap { if case .variable(let name, _, _) = $0 { name } else { nil } }
    }

    static func expand(_ text: String, _ values: [String: String?]) -> Expanded {
        var result = Expanded(text: "", isComplete: true)
        for part in parts(of: text) {
            switch part {
            case .text(let text): result.text += text
            case .variable(let name, let isDefaulted, let other):
                if let value = values[name] ?? nil {
                    result.text += value
                } else if isDefaulted {
                    result.text += other
                } else {
                    result.isComplete = false
                }
            }
        }
        return result
    }

    private static func parts(of text: String) -> [Part] {
        var parts: [Part] = []
        var plain = ""
        var rest = Substring(text)
        // Without a brace that closes, every `${` would be followed to the end of the text.
        let lastBrace = text.lastIndex(of: "}") ?? text.startIndex
        while let character = rest.popFirst() {
            if character == "\\", let next = rest.popFirst() {
                plain += next == "$" ? "$" : "\\\(next)"
            } else if character == "$", rest.startIndex < lastBrace,
                let match = rest.prefixMatch(of: /\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+?])([^}]*))?\}/)
            {
                parts += [
                    .text(plain), .variable(String(match.1), isDefaulted: match.2?.hasSuffix("-") ?? false, other: String(match.3 ?? "")),
                ]
                plain = ""
                rest = rest[match.range.upperBound...]
            } else if character == "$", let match = rest.prefixMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) {
                parts += [.text(plain), .variable(String(match.0), isDefaulted: false, other: "")]
                plain = ""
                rest = rest[match.range.upperBound...]
            } else {
                plain.append(character)
            }
        }
        return plain.isEmpty ? parts : parts + [.text(plain)]
    }
}

extension DockerfileInstruction {
    /// The words of ARG, ENV and LABEL: quotes keep spaces together and are taken off.
    var quotedWords: [DockerfileWord] {
        var words: [DockerfileWord] = []
        var word: [Unicode.Scalar] = []
        var start: Int?
        var quote: Unicode.Scalar?
        var index = range.lowerBound
        while index < range.upperBound {
            let scalar = text.scalars[index]
            if quote == nil, scalar.isDockerfileSpace {
                if let begin = start { words.append(DockerfileWord(word.text, text.place(at: begin))) }
                (start, word) = (nil, [])
                index += 1
                continue
            }
            if start == nil { start = index }
            if let open = quote {
                if scalar == open { quote = nil } else { word.append(scalar) }
            } else if scalar == "\"" || scalar == "'" {
                quote = scalar
            } else if scalar == "\\", index + 1 < range.upperBound {
                word += [scalar, text.scalars[index + 1]]
                index += 1
            } else {
                word.append(scalar)
            }
            index += 1
        }
        if let begin = start { words.append(DockerfileWord(word.text, text.place(at: begin))) }
        return words
    }

    /// The place of a quote that nothing closes in ARG, ENV or LABEL.
    var openQuote: DockerfilePlace? {
        var open: Int?
        var index = range.lowerBound
        while index < range.upperBound {
            let scalar = text.scalars[index]
            if scalar == "\\" {
                index += 1
            } else if let start = open {
                if scalar == text.scalars[start] { open = nil }
            } else if scalar == "\"" || scalar == "'" {
                open = index
            }
            index += 1
        }
        return open.map { text.place(at: $0) }
    }

    /// The names and values of an ENV, in either of its forms.
    var environment: [(name: DockerfileWord, value: String)] {
        let words = quotedWords
        guard let first = words.first else { return [] }
        guard first.text.contains("=") else {
            return [(first, words.dropFirst().map(\.text).joined(separator: " "))]
        }
        return words.compactMap { word in
            let (name, value) = word.text.assignment
            return value.map { (DockerfileWord(name, word.place), $0) }
        }
    }
}
