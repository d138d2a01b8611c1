import LabSupport

/// The text that a program always prints for a cause, with gaps for the parts that vary.
///
/// - `*` is a gap within the line, `<n>` digits, `<w>` a word, `{a|b}` alternatives, `^` and `$` the ends of a line.
/// - A backslash takes the next character literally.
/// - Case, white space, backslashes and the kind of quotation marks don't matter. So a line matches even if a terminal broke it within a
///   word.
/// - A literal begins and ends at the edge of a word, unless a gap touches it without a blank between them.
/// - A blank at the end of the pattern requires a blank in the text.
struct SymptomPattern: Sendable, Hashable {
    /// A part of a pattern.
    enum Piece: Sendable, Hashable {
        /// Folded bytes. The flags say whether the edge of a word must be before and after them.
        case literal([UInt8], edgeBefore: Bool, edgeAfter: Bool)
        case gap
        case number
        case word
        case blank
        case lineStart
        case lineEnd
    }

    /// The reason why a pattern is invalid.
    struct Mistake: Error, Equatable {
        var message: Text
    }

    let pieces: [Piece]

    /// One pattern for each combination of alternatives.
    static func all(_ source: String) throws(Mistake) -> [SymptomPattern] {
        var patterns: [SymptomPattern] = []
        for text in try expand(Array(source.unicodeScalars)) { patterns.append(try SymptomPattern(text)) }
        return patterns
    }

    private init(_ source: [Unicode.Scalar]) throws(Mistake) {
        var builder = Builder()
        var index = 0
        while index < source.count { index += builder.take(source[index...]) }
        pieces = builder.finish()
        let anchored = pieces.first == .lineStart
        guard pieces.contains(where: { $0.length >= (anchored ? 2 : 3) }) else {
            throw Mistake(
                message: Text(
                    en: "the pattern needs at least three fixed characters in a row",
                    zh: "模式里至少要有三个连续的固定字符"))
        }
        guard pieces.first(where: { $0 != .lineStart })?.isLiteral == true else {
            throw Mistake(message: Text(en: "the pattern must begin with text, not with a gap", zh: "模式必须以文字开头，不能以空位开头"))
        }
    }

    /// Replaces the first `{a|b}` with each of its alternatives, until none is left.
    private static func expand(_ source: [Unicode.Scalar]) throws(Mistake) -> [[Unicode.Scalar]] {
        guard let open = source.firstUnescaped("{") else { return [source] }
        guard let length = source[open...].firstIndex(of: "}") else {
            throw Mistake(message: Text(en: "`{` has no `}`", zh: "`{` 没有对应的 `}`"))
        }
        var results: [[Unicode.Scalar]] = []
        for choice in source[(open + 1)..<length].split(separator: "|", omittingEmptySubsequences: false) {
            results += try expand(Array(source[..<open]) + Array(choice) + Array(source[(length + 1)...]))
        }
        return results
    }
}

extension SymptomPattern.Piece {
    /// True for a piece of varying text. A literal beside it may begin or end within a word.
    fileprivate var isOpen: Bool { self == .gap || self == .number || self == .word }
    fileprivate var isLiteral: Bool { if case .literal = self { true } else { false } }
    fileprivate var length: Int { if case .literal(let bytes, _, _) = self { bytes.count } else { 0 } }
}

extension [Unicode.Scalar] {
    fileprivate func firstUnescaped(_ scalar: Unicode.Scalar) -> Int? {
        indices.first { self[$0] == scalar && ($0 == 0 || self[$0 - 1] != "\\") }
    }
}

/// Collects the pieces of a pattern.
private struct Builder {
    private var pieces: [SymptomPattern.Piece] = []
    private var literal: [Unicode.Scalar] = []

    /// Takes the next piece or character, and returns its number of scalars.
    mutating func take(_ rest: ArraySlice<Unicode.Scalar>) -> Int {
        guard let first = rest.first else { return 0 }
        let start = rest.startIndex
        switch first {
        case "\\" where rest.count > 1:
            literal.append(rest[start + 1])
            return 2
        case "*": add(.gap)
        case "^" where pieces.isEmpty && literal.isEmpty: add(.lineStart)
        case "$" where rest.count == 1: add(.lineEnd)
        case "<" where rest.starts(with: ["<", "n", ">"]):
            add(.number)
            return 3
        case "<" where rest.starts(with: ["<", "w", ">"]):
            add(.word)
            return 3
        default: literal.append(first)
        }
        return 1
    }

    mutating func finish() -> [SymptomPattern.Piece] {
        let endsWithBlank = literal.last == " "
        flush(before: nil)
        if endsWithBlank { pieces.append(.blank) }
        return pieces
    }

    private mutating func add(_ piece: SymptomPattern.Piece) {
        flush(before: piece)
        pieces.append(piece)
    }

    private mutating func flush(before next: SymptomPattern.Piece?) {
        defer { literal = [] }
        let edgeBefore = literal.first == " " || pieces.last.map { !$0.isOpen } ?? true
        let edgeAfter = literal.last == " " || next.map { !$0.isOpen } ?? true
        var text = String.UnicodeScalarView()
        text.append(contentsOf: literal)
        let bytes = Folding.fold(String(text))
        if !bytes.isEmpty { pieces.append(.literal(bytes, edgeBefore: edgeBefore, edgeAfter: edgeAfter)) }
    }
}

/// The form in which texts and patterns are compared.
enum Folding {
    /// The text in lower case, without white space and backslashes, and with an apostrophe for every quotation mark.
    static func fold(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars { append(scalar, to: &bytes) }
        return bytes
    }

    /// Appends the folded form of a scalar, which may be empty.
    static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar.value {
        case 0x41...0x5A: bytes.append(UInt8(scalar.value) + 32)
        case 0x00...0x20, 0x5C, 0x7F, 0xA0: break
        case 0x22, 0x60, 0xAB, 0xBB, 0x2018, 0x2019, 0x201C, 0x201D, 0x201E: bytes.append(0x27)
        case 0xFF1A: bytes.append(UInt8(ascii: ":"))
        case 0x21...0x7E: bytes.append(UInt8(scalar.value))
        default: bytes.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
        }
    }

    /// True for the characters of a word: letters, digits and the underscore.
    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x5F: true
        default: false
        }
    }
}
