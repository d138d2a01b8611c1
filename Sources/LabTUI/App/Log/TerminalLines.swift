/// Turns a program's raw output into lines, as a terminal would show them. Colors stay, and a carriage return starts the line again. All
/// other sequences that could move the cursor, change the title or make the terminal answer are dropped, even if they are split between two
/// pieces.
package struct TerminalLines: Sendable, Equatable {
    /// A finished line in UTF-8, and the bytes at which its style changes.
    package struct Line: Sendable, Equatable {
        package var bytes: [UInt8] = []
        package var runs: [Run] = []
    }

    package struct Run: Sendable, Equatable {
        package var start: Int
        package var style: Style
    }

    private enum Mode: Equatable {
        case text
        case escape
        /// CSI: parameters and intermediates until a final byte.
        case control
        /// OSC, DCS and similar: everything until BEL or ST.
        case string
        case stringEscape
    }

    /// The maximum length of a line in bytes. The rest is dropped.
    private static let limit = 16_384

    private var line = Line()
    private var style = Style.plain
    private var mode = Mode.text
    private var parameters: [UInt8] = []
    private var returned = false

    package init() {}

    /// The unfinished line, such as a progress bar.
    package var current: Line { line }

    /// Takes a piece of output, and passes on each line that it completes: its UTF-8, which is valid only until `complete` returns, and its
    /// style changes.
    package mutating func take(_ piece: ArraySlice<UInt8>, _ complete: (UnsafeBufferPointer<UInt8>, [Run]) -> Void) {
        piece.withUnsafeBufferPointer { bytes in
            var start = 0
            while start < bytes.count {
                // Most of all output is printable. It's taken in runs, and whole lines without a copy.
                let run = mode == .text ? Self.run(bytes, from: start) : UnsafeBufferPointer(rebasing: bytes[start..<start])
                start += run.count
                let isEnd = start < bytes.count && bytes[start] == 0x0A
                if isEnd, !run.isEmpty, line.bytes.isEmpty, !returned, run.count <= Self.limit {
                    complete(run, line.runs)
                    beginLine()
                } else {
                    if !run.isEmpty { append(run) }
                    if isEnd { end(complete) } else if start < bytes.count { special(bytes[start]) }
                }
                start += 1
            }
        }
    }

    /// The printable bytes from `start`.
    private static func run(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> UnsafeBufferPointer<UInt8> {
        var end = start
        while end < bytes.count, bytes[end] >= 0x20, bytes[end] != 0x7F { end += 1 }
        return UnsafeBufferPointer(rebasing: bytes[start..<end])
    }

    private mutating func end(_ complete: (UnsafeBufferPointer<UInt8>, [Run]) -> Void) {
        line.bytes.withUnsafeBufferPointer { complete($0, line.runs) }
        beginLine()
        mode = .text
    }

    private mutating func beginLine() {
        line.bytes.removeAll(keepingCapacity: true)
        line.runs = style == .plain ? [] : [Run(start: 0, style: style)]
        returned = false
    }

    private mutating func append(_ run: UnsafeBufferPointer<UInt8>) {
        if returned { beginLine() }
        line.bytes += run.prefix(max(0, Self.limit - line.bytes.count))
    }

    private mutating func append(_ byte: UInt8) {
        if returned { beginLine() }
        if line.bytes.count < Self.limit { line.bytes.append(byte) }
    }

    private mutating func special(_ byte: UInt8) {
        // CAN and SUB abort any sequence.
        if byte == 0x18 || byte == 0x1A { return mode = .text }
        switch mode {
        case .text: control(byte)
        case .escape: escape(byte)
        case .control: sequence(byte)
        case .string:
            if byte == 0x07 { mode = .text } else if byte == 0x1B { mode = .stringEscape }
        case .stringEscape: mode = byte == 0x5C ? .text : .string
        }
    }

    private mutating func control(_ byte: UInt8) {
        switch byte {
        case 0x1B: mode = .escape
        case 0x0D: returned = true
        case 0x08: eraseLast()
        case 0x09:
            let column = line.bytes.count { $0 & 0xC0 != 0x80 }
            for _ in 0..<(8 - column % 8) { append(0x20) }
        default: break
        }
    }

    /// Erases one whole character of any byte length. Does nothing at the beginning of the line.
    private mutating func eraseLast() {
        guard !returned else { return }
        while let byte = line.bytes.popLast(), byte & 0xC0 == 0x80 {}
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x5B:
            mode = .control
            parameters = []
        case 0x5D, 0x50, 0x58, 0x5E, 0x5F: mode = .string
        case 0x1B, 0x20...0x2F: break
        default: mode = .text
        }
    }

    private mutating func sequence(_ byte: UInt8) {
        if byte == 0x1B { return mode = .escape }
        guard (0x40...0x7E).contains(byte) else {
            if parameters.count < 64 { parameters.append(byte) }
            return
        }
        mode = .text
        switch byte {
        case 0x6D: setStyle(SGR.apply(parameters, to: style))
        // Many programs clear a progress bar by erasing the line.
        case 0x4B where returned || parameters.first == 0x32: beginLine()
        default: break
        }
    }

    private mutating func setStyle(_ new: Style) {
        guard new != style else { return }
        style = new
        if returned { return }
        if line.runs.last?.start == line.bytes.count { line.runs.removeLast() }
        line.runs.append(Run(start: line.bytes.count, style: new))
    }
}

/// "Select graphic rendition": the sequences for colors and attributes.
enum SGR {
    static func apply(_ parameters: [UInt8], to style: Style) -> Style {
        var style = style
        var numbers = parameters.split(omittingEmptySubsequences: false) { $0 == 0x3B || $0 == 0x3A }.map { digits in
            digits.reduce(0) { (0x30...0x39).contains($1) ? min(9999, $0 * 10 + Int($1 - 0x30)) : $0 }
        }[...]
        while let number = numbers.popFirst() {
            switch number {
            case 38: style.foreground = extended(&numbers) ?? style.foreground
            case 48: style.background = extended(&numbers) ?? style.background
            default: apply(number, to: &style)
            }
        }
        return style
    }

    private static func apply(_ number: Int, to style: inout Style) {
        switch number {
        case 0: style = .plain
        case 1: style.attributes.insert(.bold)
        case 2: style.attributes.insert(.dim)
        case 3: style.attributes.insert(.italic)
        case 4: style.attributes.insert(.underline)
        case 7: style.attributes.insert(.reverse)
        case 22: style.attributes.subtract([.bold, .dim])
        case 23: style.attributes.remove(.italic)
        case 24: style.attributes.remove(.underline)
        case 27: style.attributes.remove(.reverse)
        case 30...37: style.foreground = Int16(number - 30)
        case 39: style.foreground = -1
        case 40...47: style.background = Int16(number - 40)
        case 49: style.background = -1
        case 90...97: style.foreground = Int16(number - 82)
        case 100...107: style.background = Int16(number - 92)
        default: break
        }
    }

    /// `5;n` or `2;r;g;b`. The latter becomes the nearest color of the 6×6×6 cube.
    private static func extended(_ numbers: inout ArraySlice<Int>) -> Int16? {
        switch numbers.popFirst() {
        case 5: return numbers.popFirst().map { Int16(min(255, $0)) }
        case 2:
            let parts = (0..<3).map { _ in min(255, numbers.popFirst() ?? 0) * 5 / 255 }
            return Int16(16 + 36 * parts[0] + 6 * parts[1] + parts[2])
        default: return nil
        }
    }
}
