/// Finds what looks like a secret in one line, from left to right. It works on bytes, because all separators are ASCII.
struct SecretScanner {
    private let line: [UInt8]
    private var place = 0
    private var result: [UInt8] = []
    private let isJSON: Bool

    init(_ text: String) {
        line = Array(text.utf8)
        isJSON = line.first == UInt8(ascii: "{")
    }

    /// The line with the secrets replaced.
    mutating func redacted() -> String {
        while place < line.count {
            guard Self.isName(line[place]) else {
                keep(to: place + 1)
                continue
            }
            var end = place
            while end < line.count, Self.isName(line[end]) { end += 1 }
            let name = String(decoding: line[place..<end], as: UTF8.self)
            if Self.isToken(name) {
                hide(to: end)
                continue
            }
            keep(to: end)
            redact(after: name)
        }
        return String(decoding: result, as: UTF8.self)
    }

    // MARK: What follows a name

    private mutating func redact(after name: String) {
        let lower = name.lowercased()
        if lower == "bearer", blank(at: place) { return word() }
        if Self.isUser(lower) { return user() }
        if lower == "-p", isLogin, blank(at: place) { return word() }
        guard Redaction.isSecret(name: name) else {
            // `-ujoe:password`
            if name.hasPrefix("-u"), name.count > 2, at(place) == UInt8(ascii: ":") { return hide(to: unquotedEnd(place)) }
            return
        }
        let quoted = skipQuote(place)
        let isMember = quoted > place
        var next = skipBlanks(quoted)
        if let sign = at(next), sign == UInt8(ascii: ":") || sign == UInt8(ascii: "=") {
            while let sign = at(next), ":=>".utf8.contains(sign) { next += 1 }
        } else if !(name.hasPrefix("-") && next > place) {
            return
        }
        keep(to: skipBlanks(next))
        let isHeader = lower.hasSuffix("authorization") || lower.hasSuffix("cookie")
        if isHeader, skipQuote(place) == place { return header() }
        value(isMember: isMember)
    }

    /// Hides the rest of the line after the scheme's name. Cookies and digests contain spaces and quotation marks.
    private mutating func header() {
        for scheme in ["bearer ", "basic ", "token ", "digest "] {
            let end = min(place + scheme.utf8.count, line.count)
            if String(decoding: line[place..<end], as: UTF8.self).lowercased() == scheme { keep(to: skipBlanks(end)) }
        }
        hide(to: isJSON ? closing(place, UInt8(ascii: "\""), escapes: 0) : line.count)
    }

    private mutating func value(isMember: Bool) {
        let start = skipQuote(place)
        if start > place {
            let escapes = start - place - 1
            let quote = line[start - 1]
            keep(to: start)
            return hide(to: closing(start, quote, escapes: escapes))
        }
        // An object's members have names of their own.
        if at(place) == UInt8(ascii: "{"), at(place + 1).map({ "\"'\\ }".utf8.contains($0) }) ?? true { return }
        if at(place) == UInt8(ascii: "[") {
            return hide(to: line[place...].firstIndex(of: UInt8(ascii: "]")) ?? line.count)
        }
        var end = unquotedEnd(place)
        if isMember { end = line[place..<end].firstIndex { ",}]".utf8.contains($0) } ?? end }
        if isMember, ["null", "true", "false"].contains(String(decoding: line[place..<end], as: UTF8.self)) { return keep(to: end) }
        hide(to: end)
    }

    /// The next word, with or without quotation marks.
    private mutating func word() {
        keep(to: skipBlanks(place))
        value(isMember: false)
    }

    /// `-u user:password`. Only digits on both sides are a user ID and a group ID, not a secret.
    private mutating func user() {
        var start = skipBlanks(place)
        if at(start) == UInt8(ascii: "=") { start += 1 }
        guard start > place else { return }
        start = skipQuote(start)
        let end = unquotedEnd(start)
        let word = line[start..<end]
        guard word.contains(UInt8(ascii: ":")), !word.allSatisfy({ $0 == UInt8(ascii: ":") || (0x30...0x39).contains($0) }) else { return }
        keep(to: start)
        hide(to: end)
    }

    private static func isUser(_ flag: String) -> Bool {
        if flag == "--user" || flag == "--proxy-user" { return true }
        // Several short flags in one: `-su`.
        return flag.hasPrefix("-") && !flag.hasPrefix("--") && flag.hasSuffix("u") && flag.utf8.count <= 5
    }

    private var isLogin: Bool {
        let before = String(decoding: line[..<place], as: UTF8.self)
        return before.contains("login") || before.contains("sshpass")
    }

    /// Whether a word's own form marks it as a secret, whatever precedes it.
    private static func isToken(_ word: String) -> Bool {
        guard word.utf8.count >= 20 else { return false }
        if word.hasPrefix("hf_") { return !word.dropFirst(3).contains { !$0.isLetter && !$0.isNumber } }
        return ["ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "dckr_pat_", "eyJ", "AKIA", "xoxb-"].contains { word.hasPrefix($0) }
    }

    // MARK: Bytes

    private static func isName(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "_-.".utf8.contains(byte)
    }

    private func at(_ index: Int) -> UInt8? { line.indices.contains(index) ? line[index] : nil }
    private func blank(at index: Int) -> Bool { at(index) == 0x20 || at(index) == 0x09 }

    private func skipBlanks(_ index: Int) -> Int {
        var index = index
        while blank(at: index) { index += 1 }
        return index
    }

    /// Skips a quotation mark and the backslashes before it (JSON within JSON). Returns the same index if there is none.
    private func skipQuote(_ index: Int) -> Int {
        var end = index
        while at(end) == UInt8(ascii: "\\") { end += 1 }
        return at(end) == UInt8(ascii: "\"") || at(end) == UInt8(ascii: "'") ? end + 1 : index
    }

    /// The end of a quotation whose marks have `escapes` backslashes before them.
    private func closing(_ start: Int, _ quote: UInt8, escapes: Int) -> Int {
        var backslashes = 0
        for index in start..<line.count {
            if line[index] == quote, backslashes <= escapes || (escapes == 0 && backslashes % 2 == 0) {
                return index - min(backslashes, escapes)
            }
            backslashes = line[index] == UInt8(ascii: "\\") ? backslashes + 1 : 0
        }
        return line.count
    }

    private func unquotedEnd(_ start: Int) -> Int {
        var index = start
        while let byte = at(index) {
            if byte <= 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { break }
            if byte == UInt8(ascii: "\\"), skipQuote(index) > index || (isJSON && at(index + 1).map { "nrt".utf8.contains($0) } ?? false) {
                break
            }
            index += 1
        }
        return index
    }

    private mutating func keep(to end: Int) {
        result += line[place..<end]
        place = end
    }

    private mutating func hide(to end: Int) {
        if end > place { result += Array(Redaction.mark.utf8) }
        place = end
    }
}
