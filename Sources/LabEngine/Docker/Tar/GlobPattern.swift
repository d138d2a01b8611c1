/// A pattern of a `.dockerignore`: Go's `filepath.Match` plus docker's `**`.
///
/// `*` matches anything except a slash, and `?` one such character. `[a-z]` and `[^a-z]` match one character of a set. `\` escapes the
/// next character. `**/` matches any number of directories, and a final `**` matches anything.
struct GlobPattern: Sendable, Equatable {
    private enum Token: Sendable, Equatable {
        case byte(UInt8)
        case one
        case segment
        case directories
        case anything
        case oneOf([ClosedRange<UInt32>], negated: Bool)

        /// The one byte that it matches.
        var byte: UInt8? { if case .byte(let byte) = self { byte } else { nil } }

        /// Whether it takes at least one byte.
        var isCharacter: Bool {
            switch self {
            case .byte, .one, .oneOf: true
            case .segment, .directories, .anything: false
            }
        }
    }

    private let tokens: [Token]
    /// The bytes of a pattern without wildcards, which is compared as a whole.
    private let literal: [UInt8]?
    /// The fewest bytes that can match, and those that every match begins and ends with.
    private let shortest: Int
    private let start: [UInt8]
    private let end: [UInt8]

    /// Nil for a pattern that Go rejects: an open bracket, or a backslash at the end.
    init?(_ text: String) {
        var tokens: [Token] = []
        var rest = Array(text.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            guard Self.read(scalar, &rest, &tokens) else { return nil }
        }
        // `**/**/` means the same as `**/`.
        tokens = tokens.indices.filter { $0 == 0 || tokens[$0] != .directories || tokens[$0 - 1] != .directories }.map { tokens[$0] }
        self.tokens = tokens
        shortest = tokens.count { $0.isCharacter }
        start = tokens.prefix { $0.byte != nil }.compactMap(\.byte)
        end = tokens.reversed().prefix { $0.byte != nil }.reversed().compactMap(\.byte)
        literal = start.count == tokens.count ? start : nil
    }

    /// Whether the whole path matches.
    func matches(_ path: [UInt8]) -> Bool {
        if let literal { return literal == path }
        return fits(path)
    }

    private static func read(_ scalar: Unicode.Scalar, _ rest: inout ArraySlice<Unicode.Scalar>, _ tokens: inout [Token]) -> Bool {
        switch scalar {
        case "*":
            guard rest.first == "*" else {
                tokens.append(.segment)
                return true
            }
            rest.removeFirst()
            if rest.first == "/" { rest.removeFirst() }
            tokens.append(rest.isEmpty ? .anything : .directories)
        case "?": tokens.append(.one)
        case "[": return readClass(&rest, &tokens)
        case "\\":
            guard let next = rest.popFirst() else { return false }
            tokens += String(next).utf8.map(Token.byte)
        default: tokens += String(scalar).utf8.map(Token.byte)
        }
        return true
    }

    private static func readClass(_ rest: inout ArraySlice<Unicode.Scalar>, _ tokens: inout [Token]) -> Bool {
        var ranges: [ClosedRange<UInt32>] = []
        let isNegated = rest.first == "^"
        if isNegated { rest.removeFirst() }
        while let scalar = rest.popFirst() {
            if scalar == "]", !ranges.isEmpty {
                tokens.append(.oneOf(ranges, negated: isNegated))
                return true
            }
            guard let low = scalar == "\\" ? rest.popFirst() : scalar else { return false }
            var high = low
            if rest.first == "-", rest.dropFirst().first != "]" {
                rest.removeFirst()
                guard let next = rest.popFirst(), let end = next == "\\" ? rest.popFirst() : next, end >= low else { return false }
                high = end
            }
            ranges.append(low.value...high.value)
        }
        return false
    }

    /// Passes over the path once, with all places in the pattern that fit so far. Trying one place after the other would take time that
    /// grows exponentially with the number of stars.
    private func fits(_ path: [UInt8]) -> Bool {
        guard shortest <= path.count, path.starts(with: start), path.suffix(end.count).elementsEqual(end) else { return false }
        // The places before the next byte, and before the four after it, because a character can have four bytes. Used in turn.
        var places = [Places](repeating: Places(count: tokens.count), count: 5)
        places[0].add(0, tokens)
        for (offset, byte) in path.enumerated() {
            let (now, next) = (offset % 5, (offset + 1) % 5)
            if places[now].isSettled { return true }
            for place in tokens.indices where places[now].contains(place) {
                switch tokens[place] {
                case .byte(let wanted):
                    if byte == wanted { places[next].add(place + 1, tokens) }
                case .one, .oneOf:
                    let (character, length) = Self.character(path[offset...])
                    if Self.accepts(tokens[place], character) { places[(offset + length) % 5].add(place + 1, tokens) }
                case .segment:
                    if byte != Self.slash { places[next].add(place, tokens) }
                case .directories:
                    places[next].stay(place)
                    if byte == Self.slash { places[next].add(place + 1, tokens) }
                case .anything: break
                }
            }
            places[now].clear()
        }
        let last = places[path.count % 5]
        return last.isSettled || last.contains(tokens.count)
    }

    /// Places in a pattern.
    private struct Places {
        private var reached: [Bool]
        /// True if a final `**` is among them: everything matches.
        private(set) var isSettled = false

        init(count: Int) { reached = [Bool](repeating: false, count: count + 1) }

        func contains(_ place: Int) -> Bool { reached[place] }

        mutating func clear() { for place in reached.indices { reached[place] = false } }

        mutating func stay(_ place: Int) { reached[place] = true }

        /// Adds a place, and those behind it that need no byte.
        mutating func add(_ place: Int, _ tokens: [Token]) {
            var place = place
            while true {
                reached[place] = true
                guard place < tokens.count else { return }
                switch tokens[place] {
                case .segment, .directories: place += 1
                case .anything:
                    isSettled = true
                    return
                case .byte, .one, .oneOf: return
                }
            }
        }
    }

    private static let slash = UInt8(ascii: "/")

    private static func accepts(_ token: Token, _ character: UInt32) -> Bool {
        switch token {
        case .one: character != UInt32(slash)
        case .oneOf(let ranges, let isNegated): ranges.contains { $0.contains(character) } != isNegated
        case .byte, .segment, .directories, .anything: false
        }
    }

    /// The first character and its length. A byte that is not valid UTF-8 counts as one.
    private static func character(_ path: ArraySlice<UInt8>) -> (value: UInt32, length: Int) {
        let first = path[path.startIndex]
        let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
        let scalar = String(validating: path.prefix(length), as: UTF8.self)?.unicodeScalars.first
        return (scalar?.value ?? UInt32(first), scalar == nil ? 1 : length)
    }
}
