/// Breaks spans into lines. A word stays whole across styles, punctuation stays with its word, and a grouped number isn't torn.
struct LineWrapper {
    private struct Atom {
        var text: String
        var columns: Int
        var style: Style
        var isBlank = false
        var isWide = false

        /// Whether a line may end before this atom, which follows `last`.
        func mayFollowBreak(after last: Atom) -> Bool {
            if isBlank || last.isBlank { return true }
            guard let first = text.unicodeScalars.first, let end = last.text.unicodeScalars.last else { return true }
            if closing.contains(first) || opening.contains(end) { return false }
            // Two pieces of one word in different styles.
            return isWide || last.isWide
        }
    }

    private let limit: Int
    private let hanging: Int
    private var lines: [RichLine] = []
    private var line: [Atom] = []
    private var used = 0

    /// `hanging` is the indentation of all lines but the first.
    init(limit: Int, hanging: Int) {
        self.limit = limit
        self.hanging = hanging
    }

    mutating func take(_ span: Span) {
        for atom in Self.atoms(span) { place(atom) }
    }

    mutating func finish() -> [RichLine] {
        if !line.isEmpty || lines.isEmpty { emit() }
        return lines
    }

    private mutating func place(_ atom: Atom) {
        if used + atom.columns <= limit {
            if atom.isBlank, line.isEmpty, !lines.isEmpty { return }
            return append(atom)
        }
        if atom.isBlank {
            // The blank is lost, but the words beside it stay two.
            if !line.isEmpty { emit() }
            return
        }
        // What the atom belongs to goes to the next line with it.
        let tail = tail(before: atom)
        if !tail.isEmpty, hanging + tail.reduce(0, { $0 + $1.columns }) + atom.columns <= limit {
            line.removeLast(tail.count)
            emit()
            tail.forEach { append($0) }
            return append(atom)
        }
        if tail.isEmpty, !line.isEmpty { emit() }
        if used + atom.columns <= limit { return append(atom) }
        split(atom)
    }

    /// The atoms at the end of the line that can't be separated from `atom`. Empty if the line may end before it.
    private func tail(before atom: Atom) -> [Atom] {
        var start = line.endIndex
        var next = atom
        while start > line.startIndex, !next.mayFollowBreak(after: line[start - 1]) {
            start -= 1
            next = line[start]
        }
        return Array(line[start...])
    }

    /// Breaks a word that's longer than the line.
    private mutating func split(_ atom: Atom) {
        var rest = Substring(atom.text)
        if used >= limit { emit() }
        while !rest.isEmpty {
            let piece = CellWidth.prefix(rest, fitting: max(1, limit - used))
            if piece.text.isEmpty {
                // Not even one character fits into what is left, or into an empty line.
                guard !line.isEmpty else { return }
                emit()
                continue
            }
            append(Atom(text: String(piece.text), columns: piece.columns, style: atom.style, isWide: atom.isWide))
            rest = rest[piece.text.endIndex...]
            if !rest.isEmpty { emit() }
        }
    }

    private mutating func append(_ atom: Atom) {
        line.append(atom)
        used += atom.columns
    }

    private mutating func emit() {
        while let last = line.last, last.isBlank { line.removeLast() }
        var spans: [Span] = []
        if !lines.isEmpty, hanging > 0 { spans.append(Span(String(repeating: " ", count: hanging))) }
        for atom in line {
            if spans.last?.style == atom.style {
                spans[spans.count - 1].text += atom.text
            } else {
                spans.append(Span(atom.text, atom.style))
            }
        }
        lines.append(RichLine(spans))
        line = []
        used = hanging
    }

    private static func atoms(_ span: Span) -> [Atom] {
        var atoms: [Atom] = []
        let scalars = span.text.unicodeScalars
        var start = scalars.startIndex
        func flush(before end: String.Index) {
            guard start < end else { return }
            let text = String(scalars[start..<end])
            atoms.append(Atom(text: text, columns: CellWidth.of(text), style: span.style))
        }
        for index in scalars.indices {
            let scalar = scalars[index]
            let isBlank = scalar == " " && !(isGroup(scalars[start..<index]) && beginsGroup(scalars[scalars.index(after: index)...]))
            let isWide = !isBlank && CellWidth.of(scalar) == 2
            guard isBlank || isWide else { continue }
            flush(before: index)
            start = scalars.index(after: index)
            atoms.append(
                Atom(text: String(scalar), columns: isWide ? 2 : 1, style: span.style, isBlank: isBlank, isWide: isWide))
        }
        flush(before: scalars.endIndex)
        return atoms
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { (0x30...0x39).contains(scalar.value) }

    /// `207`: the first one to three digits of a grouped number, or any later part of it.
    private static func isGroup(_ word: Substring.UnicodeScalarView) -> Bool {
        let digits = word.suffix(while: isDigit).count
        return (1...3).contains(digits) && (digits == word.count || word.dropLast(digits).last == " ")
    }

    /// `274 weights`: exactly three digits.
    private static func beginsGroup(_ rest: Substring.UnicodeScalarView) -> Bool { rest.prefix(while: isDigit).count == 3 }
}

/// Punctuation that must not begin a line.
private let closing = Set("，。、；：？！）」』】》〉”’…·,.;:!?)]}%".unicodeScalars)
/// Punctuation that must not end a line.
private let opening = Set("（「『【《〈“‘([{".unicodeScalars)

extension BidirectionalCollection {
    /// The longest end of the collection whose elements all satisfy the condition.
    fileprivate func suffix(while holds: (Element) -> Bool) -> SubSequence {
        var start = endIndex
        while start > startIndex, holds(self[index(before: start)]) { start = index(before: start) }
        return self[start...]
    }
}
