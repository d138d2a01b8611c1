/// Finds the matches of a pattern in a text.
struct PatternMatcher {
    /// The indexes of a match's first and last line.
    struct Match {
        var first: Int
        var last: Int
    }

    /// The maximum length of a gap, in folded bytes.
    private static let maximumGap = 800
    /// The maximum number of matches of a pattern. More of them add no information.
    private static let maximumMatches = 64

    let text: ScannedText
    private var known: [SymptomPattern: [Match]] = [:]

    init(_ text: ScannedText) { self.text = text }

    /// All matches, in the order of the text.
    mutating func matches(_ pattern: SymptomPattern) -> [Match] {
        for case .literal(let bytes, _, _) in pattern.pieces where !text.mayContain(bytes) { return [] }
        if let matches = known[pattern] { return matches }
        let matches = search(pattern)
        known[pattern] = matches
        return matches
    }

    private func search(_ pattern: SymptomPattern) -> [Match] {
        let anchored = pattern.pieces.first == .lineStart
        let pieces = anchored ? pattern.pieces.dropFirst() : pattern.pieces[...]
        guard case .literal(let head, _, _)? = pieces.first else { return [] }
        var matches: [Match] = []
        var offset = 0
        while matches.count < Self.maximumMatches, let start = text.find(head, from: offset) {
            offset = start + 1
            guard !anchored || isLineStart(start), let end = end(of: pieces, at: start) else { continue }
            matches.append(Match(first: text.line(at: start), last: text.line(at: max(end - 1, start))))
        }
        return matches
    }

    /// The offset after the pieces if they match at an offset, or nil.
    private func end(of pieces: ArraySlice<SymptomPattern.Piece>, at offset: Int) -> Int? {
        guard let piece = pieces.first else { return offset }
        let rest = pieces.dropFirst()
        switch piece {
        case .literal(let bytes, let before, let after):
            guard holds(bytes, at: offset), !before || isEdge(offset), !after || isEdge(offset + bytes.count) else { return nil }
            return end(of: rest, at: offset + bytes.count)
        case .gap: return endAfterGap(rest, at: offset)
        case .number:
            var stop = offset
            while stop < text.bytes.count, (0x30...0x39).contains(text.bytes[stop]), stop == offset || !isBroken(stop) { stop += 1 }
            return stop > offset ? end(of: rest, at: stop) : nil
        case .word: return endAfterWord(rest, at: offset)
        case .blank: return offset == text.bytes.count || isBroken(offset) ? offset : nil
        case .lineStart: return nil
        case .lineEnd: return offset == text.bytes.count || isLineStart(offset) ? offset : nil
        }
    }

    private func endAfterGap(_ rest: ArraySlice<SymptomPattern.Piece>, at offset: Int) -> Int? {
        guard !rest.isEmpty else { return offset }
        var stop = offset
        while stop <= min(offset + Self.maximumGap, text.bytes.count) {
            if stop < text.bytes.count, text.breaks[stop] == ScannedText.Break.hard.rawValue { return nil }
            if let end = end(of: rest, at: stop) { return end }
            stop += 1
        }
        return nil
    }

    private func endAfterWord(_ rest: ArraySlice<SymptomPattern.Piece>, at offset: Int) -> Int? {
        var stop = offset
        while stop < text.bytes.count, stop == offset || !isBroken(stop) {
            stop += 1
            if let end = end(of: rest, at: stop) { return end }
        }
        return nil
    }

    private func holds(_ literal: [UInt8], at offset: Int) -> Bool {
        guard offset + literal.count <= text.bytes.count else { return false }
        for index in literal.indices where text.bytes[offset + index] != literal[index] { return false }
        return true
    }

    private func isBroken(_ offset: Int) -> Bool { text.breaks[offset] != ScannedText.Break.none.rawValue }

    private func isLineStart(_ offset: Int) -> Bool { text.breaks[offset] >= ScannedText.Break.content.rawValue }

    /// True if no word continues across the offset.
    private func isEdge(_ offset: Int) -> Bool {
        guard offset > 0, offset < text.bytes.count, !isBroken(offset) else { return true }
        return !Folding.isWord(text.bytes[offset - 1]) || !Folding.isWord(text.bytes[offset])
    }
}
