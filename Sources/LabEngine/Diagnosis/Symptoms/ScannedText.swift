internal import CSymptoms
import LabSupport

/// An output, prepared for the rules: its lines without control characters, and the same text as one folded byte array to search in.
struct ScannedText {
    struct Line {
        /// The line's number in the original text, from 1.
        var number: Int
        /// Without escape sequences and trailing blanks.
        var text: String
        var prefix: LinePrefix
        /// The text with the messages of other languages in English. Nil if it has none.
        var english: String?

        /// The text after the prefix.
        var content: Substring { Substring(text.utf8.dropFirst(prefix.length)) }

        /// The text in which values are looked for.
        var readable: String { english ?? text }
    }

    /// What the original text has between a byte and the byte before it.
    enum Break: UInt8 {
        case none
        case space
        /// The end of the prefix. For a pattern, the line begins here.
        case content
        /// The end of a line that fills the terminal's width. The sentence may continue on the next line.
        case soft
        case hard
    }

    let lines: [Line]
    private(set) var bytes: [UInt8] = []
    private(set) var breaks: [UInt8] = []
    /// The offset of each line's first byte.
    private(set) var starts: [Int] = []
    /// The hashes of all runs of three bytes that occur. Most patterns can be ruled out with them.
    private var triples = [Bool](repeating: false, count: 1 << 16)

    /// The maximum length of a line. The rest is dropped.
    private static let maximumLineLength = 8_192

    init(_ output: String, translations: [Translation] = []) {
        lines = Self.lines(of: output, translations.occurring(in: output))
        let width = lines.map(\.text.utf8.count).max() ?? 0
        for index in lines.indices { append(index, width: width) }
        guard bytes.count > 2 else { return }
        for index in 0...(bytes.count - 3) { triples[Self.hash(bytes[index], bytes[index + 1], bytes[index + 2])] = true }
    }

    private static func lines(of output: String, _ translations: [Translation]) -> [Line] {
        var lines: [Line] = []
        var number = 0
        for raw in output.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            // The decisive text may be one that a carriage return overwrote on the terminal.
            for piece in raw.split(separator: 0x0D) {
                var safe = SafeLines(limit: maximumLineLength)
                _ = safe.take(piece)
                guard var text = safe.finish() else { continue }
                while text.last == " " { text.removeLast() }
                if text.isEmpty { continue }
                lines.append(Line(number: number, text: text, prefix: LinePrefix(of: text), english: translations.english(text)))
            }
        }
        return lines
    }

    private mutating func append(_ index: Int, width: Int) {
        starts.append(bytes.count)
        append(lines[index].text, of: index, after: index > 0 && isFilled(index - 1, width: width) ? .soft : .hard)
        // For a pattern, this is a line of its own. It has the number of the original one.
        if let english = lines[index].english { append(english, of: index, after: .hard) }
    }

    private mutating func append(_ text: String, of index: Int, after first: Break) {
        var pending = first
        var offset = 0
        let content = lines[index].prefix.length
        for scalar in text.unicodeScalars {
            if offset == content, content > 0 { pending = .content }
            offset += UTF8.width(scalar)
            let before = bytes.count
            Folding.append(scalar, to: &bytes)
            if bytes.count == before {
                if pending == .none { pending = .space }
            } else {
                breaks.append(pending.rawValue)
                breaks.append(contentsOf: repeatElement(Break.none.rawValue, count: bytes.count - before - 1))
                pending = .none
            }
        }
    }

    /// True if the first word of the next line didn't fit on this one.
    private func isFilled(_ index: Int, width: Int) -> Bool {
        guard width <= 200, lines[index + 1].number == lines[index].number + 1 else { return false }
        let next = lines[index + 1].text.utf8.drop { $0 == 0x20 }.prefix { $0 != 0x20 }
        return lines[index].text.utf8.count + 1 + next.count > width
    }

    private static func hash(_ a: UInt8, _ b: UInt8, _ c: UInt8) -> Int {
        Int(truncatingIfNeeded: (UInt32(a) &* 961 &+ UInt32(b) &* 31 &+ UInt32(c)) & 0xFFFF)
    }

    /// False if the literal certainly doesn't occur.
    func mayContain(_ literal: [UInt8]) -> Bool {
        guard literal.count > 2 else { return true }
        return (0...(literal.count - 3)).allSatisfy { triples[Self.hash(literal[$0], literal[$0 + 1], literal[$0 + 2])] }
    }

    /// The next occurrence of a literal at or after an offset.
    func find(_ literal: [UInt8], from offset: Int) -> Int? {
        let found = bytes.withUnsafeBufferPointer { haystack in
            csymptoms_find(haystack.baseAddress, haystack.count, offset, literal, literal.count)
        }
        return found < 0 ? nil : found
    }

    /// The line that a byte belongs to.
    func line(at offset: Int) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }
}
