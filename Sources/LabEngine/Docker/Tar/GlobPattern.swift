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
    }

    private let tokens: [Token]
    /// The bytes of a pattern without wildcards, which is compared as a whole.
    private let literal: [UInt8]?

    /// Nil for a pattern that Go rejects: an open bracket, or a backslash at the end.
    init?(_ text: String) {
        var tokens: [Token] = []
        var rest = Array(text.unicodeScalars)[...]
        while let scalar = rest.popFirst() {
            guard Self.read(scalar, &rest, &tokens) else { return nil }
        }
        self.tokens = tokens
        let bytes = tokens.compactMap { if case .byte(let byte) = $0 { byte } else { nil } }
        literal = bytes.count == tokens.count ? bytes : nil
    }

    /// Whether the whole path matches.
    func matches(_ path: [UInt8]) -> Bool {
        if let literal { return literal == path }
        return Self.matches(tokens[...], path[...])
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

    private static func matches(_ tokens: ArraySlice<Token>, _ path: ArraySlice<UInt8>) -> Bool {
        var tokens = tokens
        var path = path
        while let token = tokens.popFirst() {
            switch token {
            case .byte(let byte):
                guard path.popFirst() == byte else { return false }
            case .one, .oneOf:
                guard let character = popCharacter(&path), accepts(token, character) else { return false }
            case .anything: return true
            case .segment:
                let end = path.firstIndex(of: slash) ?? path.endIndex
                return (path.startIndex...end).contains { matches(tokens, path[$0...]) }
            case .directories:
                if matches(tokens, path) { return true }
                return path.indices.contains { path[$0] == slash && matches(tokens, path[($0 + 1)...]) }
            }
        }
        return path.isEmpty
    }

    private static let slash = UInt8(ascii: "/")

    private static func accepts(_ token: Token, _ character: UInt32) -> Bool {
        switch token {
        case .one: character != UInt32(slash)
        case .oneOf(let ranges, let isNegated): ranges.contains { $0.contains(character) } != isNegated
        default: false
        }
    }

    /// The next character. A byte that is not valid UTF-8 counts as one.
    private static func popCharacter(_ path: inout ArraySlice<UInt8>) -> UInt32? {
        guard let first = path.first else { return nil }
        let length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1
        let scalar = String(validating: path.prefix(length), as: UTF8.self)?.unicodeScalars.first
        path = path.dropFirst(scalar == nil ? 1 : length)
        return scalar?.value ?? UInt32(first)
    }
}
