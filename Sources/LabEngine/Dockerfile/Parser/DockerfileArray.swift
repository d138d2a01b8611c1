/// The exec form: `["program", "argument"]`, a JSON array of strings.
package enum DockerfileArray {
    /// Why a text that begins with a bracket is no such array.
    package enum Problem: Sendable, Equatable {
        /// `'…'`, which JSON doesn't know.
        case singleQuotes(DockerfilePlace)
        /// `“…”`, or another quote or punctuation mark that isn't ASCII.
        case otherMark(DockerfilePlace, String)
        /// A string without its closing quote.
        case openQuote(DockerfilePlace)
        /// No `]`.
        case openBracket(DockerfilePlace)
        /// A word without quotes. A number, `true` and `null` are JSON, but no strings: the builder refuses them.
        case bareWord(DockerfilePlace, String, isJSON: Bool)
        /// A comma too many or too few.
        case comma(DockerfilePlace)
        /// An unknown escape such as `\d`.
        case escape(DockerfilePlace)

        package var place: DockerfilePlace {
            switch self {
            case .singleQuotes(let place), .otherMark(let place, _), .openQuote(let place), .openBracket(let place), .comma(let place),
                .bareWord(let place, _, _), .escape(let place):
                place
            }
        }
    }

    /// Reads the array that begins at `range`; nil if the text doesn't begin with a bracket. What comes behind `]` is ignored, as Docker does.
    static func read(_ text: PlacedText, _ range: Range<Int>) -> DockerfileInstruction.Form? {
        guard let first = range.first, text.scalars[first] == "[" else { return nil }
        var reader = Reader(text: text, index: first + 1, end: range.upperBound, open: first)
        do { return .exec(try reader.strings()) } catch { return .broken(error.problem) }
    }

    private struct Failure: Error { var problem: Problem }

    private struct Reader {
        let text: PlacedText
        var index: Int
        let end: Int
        let open: Int

        private var here: DockerfilePlace { text.place(at: index) }

        mutating func strings() throws(Failure) -> [DockerfileWord] {
            var words: [DockerfileWord] = []
            skipSpaces()
            if index < end, text.scalars[index] == "]" { return [] }
            while true {
                words.append(try string())
                skipSpaces()
                guard index < end else { throw Failure(problem: .openBracket(text.place(at: open))) }
                switch text.scalars[index] {
                case "]": return words
                case ",": index += 1
                default: throw Failure(problem: wrong(expectsComma: true))
                }
                skipSpaces()
            }
        }

        private mutating func skipSpaces() {
            while index < end, text.scalars[index].isDockerfileSpace || text.scalars[index] == "\n" { index += 1 }
        }

        private mutating func string() throws(Failure) -> DockerfileWord {
            guard index < end else { throw Failure(problem: .openBracket(text.place(at: open))) }
            guard text.scalars[index] == "\"" else { throw Failure(problem: wrong(expectsComma: false)) }
            let place = here
            index += 1
            var value: [Unicode.Scalar] = []
            while index < end, text.scalars[index] != "\"" {
                if text.scalars[index] == "\\" { value += try escaped() } else { value.append(text.scalars[index]) }
                index += 1
            }
            guard index < end else { throw Failure(problem: .openQuote(place)) }
            index += 1
            return DockerfileWord(value.text, place)
        }

        /// Reads an escape and leaves the index on its last character.
        private mutating func escaped() throws(Failure) -> [Unicode.Scalar] {
            let place = here
            index += 1
            guard index < end else { throw Failure(problem: .openQuote(place)) }
            switch text.scalars[index] {
            case "n": return ["\n"]
            case "t": return ["\t"]
            case "r": return ["\r"]
            case "b", "f": return [" "]
            case "\"", "\\", "/": return [text.scalars[index]]
            case "u":
                let digits = text.scalars[(index + 1)..<min(end, index + 5)].text
                guard digits.count == 4, let value = UInt32(digits, radix: 16) else { throw Failure(problem: .escape(place)) }
                index += 4
                // A half of a surrogate pair is no character of its own.
                return [Unicode.Scalar(value) ?? "\u{FFFD}"]
            default: throw Failure(problem: .escape(place))
            }
        }

        private func wrong(expectsComma: Bool) -> Problem {
            let scalar = text.scalars[index]
            if scalar == "'" { return .singleQuotes(here) }
            if scalar == "," || scalar == "]" { return .comma(here) }
            if WideMark.ascii(scalar) != nil { return .otherMark(here, String(scalar)) }
            if expectsComma { return .comma(here) }
            let word = text.scalars[index..<end].prefix { !$0.isDockerfileSpace && $0 != "," && $0 != "]" }.text
            return .bareWord(here, word, isJSON: Double(word) != nil || ["true", "false", "null"].contains(word))
        }
    }
}
