/// The prefix that tools put before the lines of another program's output: step numbers, times, container names, log headers, prompts.
struct LinePrefix {
    /// The length in bytes. The program's own text begins there.
    private(set) var length = 0
    /// The thread of a TorchServe log line. The tracebacks of several workers are interleaved.
    private(set) var stream: String?
    /// True for the first line of a log record. Other lines continue the previous record.
    private(set) var beginsRecord = false
    /// The number of the BuildKit step.
    private(set) var step: Int?
    /// True if a person typed this line.
    private(set) var isCommand = false
    /// The prompt's last character, if a person typed this line. A comment in a file begins like the prompt of root.
    private(set) var prompt: UInt8?

    private let bytes: [UInt8]

    init(of line: String) {
        bytes = Array(line.utf8)
        skipSpaces()
        var before = -1
        while before != length, length < bytes.count {
            before = length
            skipOne()
            skipSpaces()
        }
    }

    private mutating func skipOne() {
        guard !(skipStep() || skipClock() || skipBracket() || skipContainer() || skipSyslog()) else { return }
        skipMark()
    }

    private mutating func skipSpaces() { while byte(length) == 0x20 { length += 1 } }

    private func byte(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

    private func digits(_ index: Int) -> Int {
        var end = index
        while (0x30...0x39).contains(byte(end)) { end += 1 }
        return end - index
    }

    /// `#12 3.456 `, or only the seconds.
    private mutating func skipStep() -> Bool {
        var at = length
        var number: Int?
        if byte(at) == UInt8(ascii: "#"), digits(at + 1) > 0 {
            let end = at + 1 + digits(at + 1)
            guard byte(end) == 0x20 || end == bytes.count else { return false }
            number = Int(String(decoding: bytes[(at + 1)..<end], as: UTF8.self))
            at = min(end + 1, bytes.count)
        }
        let whole = digits(at)
        if (1...5).contains(whole), byte(at + whole) == UInt8(ascii: "."), (1...3).contains(digits(at + whole + 1)) {
            let end = at + whole + 1 + digits(at + whole + 1)
            if byte(end) == 0x20 || end == bytes.count { at = end }
        }
        guard at > length else { return false }
        if let number { step = number }
        length = at
        return true
    }

    /// `2022-02-26T19:49:24,322 `, and after it TorchServe's `[WARN ] thread logger - `.
    private mutating func skipClock() -> Bool {
        guard digits(length) == 4, byte(length + 4) == UInt8(ascii: "-"), digits(length + 5) == 2, digits(length + 8) == 2,
            byte(length + 10) == UInt8(ascii: "T") || byte(length + 10) == 0x20, digits(length + 11) == 2
        else { return false }
        var at = length + 11
        while at < bytes.count, byte(at) != 0x20 { at += 1 }
        length = at
        beginsRecord = true
        skipSpaces()
        skipZone()
        skipHeader()
        return true
    }

    /// PostgreSQL's `UTC [40] `.
    private mutating func skipZone() {
        let zone = bytes[length...].prefix { (0x41...0x5A).contains($0) }.count
        guard (2...5).contains(zone), byte(length + zone) == 0x20, byte(length + zone + 1) == UInt8(ascii: "[") else { return }
        let number = digits(length + zone + 2)
        if number > 0, byte(length + zone + 2 + number) == UInt8(ascii: "]") { length += zone + number + 3 }
    }

    private mutating func skipHeader() {
        guard let close = endOfBracket(limit: 7) else { return }
        let rest = bytes[(close + 1)...]
        let words = rest.split(separator: 0x20, maxSplits: 2)
        guard words.count == 3, let dash = words.last, dash.first == UInt8(ascii: "-"), dash.count == 1 || byte(dash.startIndex + 1) == 0x20
        else { return }
        stream = String(decoding: words[0], as: UTF8.self)
        length = min(dash.startIndex + 2, bytes.count)
    }

    private func endOfBracket(limit: Int) -> Int? {
        guard byte(length) == UInt8(ascii: "[") else { return nil }
        return bytes[length...].prefix(limit + 1).firstIndex(of: UInt8(ascii: "]"))
    }

    /// `[rank0]: `, `[00:00:23] `.
    private mutating func skipBracket() -> Bool {
        guard let close = endOfBracket(limit: 30) else { return false }
        let inside = bytes[(length + 1)..<close]
        let hasDigit = inside.contains { (0x30...0x39).contains($0) }
        guard hasDigit, inside.contains(UInt8(ascii: ":")) || inside.starts(with: Array("rank".utf8)) else { return false }
        length = byte(close + 1) == UInt8(ascii: ":") ? close + 2 : close + 1
        return true
    }

    /// `web_1  | `.
    private mutating func skipContainer() -> Bool {
        var at = length
        while Folding.isWord(byte(at) | 0x20) || byte(at) == UInt8(ascii: "-") || byte(at) == UInt8(ascii: ".") { at += 1 }
        guard at > length else { return false }
        while byte(at) == 0x20 { at += 1 }
        guard byte(at) == UInt8(ascii: "|"), byte(at + 1) == 0x20, byte(at - 1) == 0x20 else { return false }
        // A number is a line number of a listing, not a container's name.
        guard digits(length) < at - length - 1 else { return false }
        length = at + 2
        return true
    }

    /// `Dec 10 02:22:42 host dockerd[11882]: `.
    private mutating func skipSyslog() -> Bool {
        let words = bytes[length...].split(separator: 0x20, maxSplits: 5)
        guard words.count == 6, words[0].count == 3, words[2].count == 8, words[2].contains(UInt8(ascii: ":")),
            words[4].last == UInt8(ascii: ":"), digits(words[1].startIndex) > 0
        else { return false }
        length = words[5].startIndex
        return true
    }

    /// A prompt, or a mark of a quotation or list.
    private mutating func skipMark() {
        let rest = bytes[length...]
        for mark in ["> ", "$ ", "# ", "- ", "* ", "│ ", "➜ ", "❯ "] where rest.starts(with: Array(mark.utf8)) {
            if mark != "> ", mark != "- ", mark != "* ", mark != "│ " {
                isCommand = true
                prompt = mark.utf8.first
            }
            length += mark.utf8.count
            return
        }
        guard let end = rest.prefix(120).firstIndex(where: { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "#") }), byte(end + 1) == 0x20,
            rest[..<end].contains(UInt8(ascii: "@")), !rest[..<end].contains(UInt8(ascii: "\""))
        else { return }
        isCommand = true
        prompt = byte(end)
        length = end + 2
    }
}
