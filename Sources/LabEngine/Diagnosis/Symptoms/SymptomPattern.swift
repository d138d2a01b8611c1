import LabSupport

/// What a program always says, with gaps where it names the particular thing.
///
/// Written as text: `*` is a gap within the line, `<n>` digits, `<w>` a word, `{a|b}` alternatives, `^` and `$` the ends of a line, and a
/// backslash takes the next character as it is. Letter case, white space, backslashes and the kind of quotation marks do not count, so
/// that a line which a terminal broke in the middle of a word still matches. A literal begins and ends at the edge
/// of a word, unless a gap follows without a blank between; a blank at
/// the very end wants a blank in the text, too.
struct SymptomPattern: Sendable, Hashable {
    /// A part of a pattern.
    enum Piece: Sendable, Hashable {
        /// Folded bytes; the flags say whether the edge of a word is wanted before and after them.
        case literal([UInt8], edgeBefore: Bool, edgeAfter: Bool)
        case gap
        case number
        case word
        case blank
        case lineStart
        case lineEnd
    }

    /// A pattern that cannot be read, with the reason.
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
                    en: "the pattern needs three characters in a row that the program always says",
                    zh: "规则里至少要有三个连续的、程序必定会输出的字符"))
        }
        guard pieces.first(where: { $0 != .lineStart })?.isLiteral == true else {
            throw Mistake(message: Text(en: "the pattern must begin with a text, not with a gap", zh: "规则必须以文字开头，不能以空位开头"))
        }
    }

    /// Replaces the first `{a|b}` by each of its alternatives until none is left.
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
    /// Stands for text that is not written down: a literal beside it may begin or end within a word.
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

    /// Takes what stands at the start of the rest; returns how many scalars that was.
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
    /// Lower case, without white space and backslashes, every quotation mark an apostrophe.
    static func fold(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars { append(scalar, to: &bytes) }
        return bytes
    }

    /// Appends the folded form of a scalar; nothing for one that does not count.
    static func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
        switch scalar.value {
        case 0x41...0x5A: bytes.append(UInt8(scalar.value) + 32)
        case 0x00...0x20, 0x5C, 0x7F, 0xA0: break
        case 0x22, 0x60, 0x2018, 0x2019, 0x201C, 0x201D: bytes.append(0x27)
        case 0x21...0x7E: bytes.append(UInt8(scalar.value))
        default: bytes.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
        }
    }

    /// Letters, digits and the underscore, which make a word.
    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x61...0x7A, 0x5F: true
        default: false
        }
    }
}
