/// Turns a program's raw bytes into lines that are harmless on any terminal.
///
/// A container must not move the cursor, rename the window or answer a terminal query through ailab. So escape sequences and control
/// characters are dropped, even if they are split between two pieces. Characters that reorder text or can't be seen are dropped, too
/// (`HarmlessText`).
///
/// A carriage return restarts the line, as on a terminal, so a progress bar arrives in its last state. Invalid UTF-8 becomes U+FFFD.
package struct SafeLines: Sendable {
    private enum Mode {
        case text
        case escape
        /// CSI: parameters and intermediates until a final byte.
        case control
        /// OSC, DCS, APC, PM, SOS: everything until BEL or ST.
        case string
        case stringEscape
    }

    /// The line so far, without escape sequences.
    private var line: [UInt8] = []
    private var mode = Mode.text
    private var returned = false
    /// True if part of the line was dropped.
    private var isFull = false
    /// How many bytes of a line are kept. The rest is dropped.
    private let limit: Int

    package init(limit: Int = 16_384) { self.limit = limit }

    /// Adds a piece of output and returns the lines that it completed.
    package mutating func take(_ bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        take(bytes) { lines.append(String(decoding: $0, as: UTF8.self)) }
        return lines
    }

    /// The same without a `String` for each line: calls `body` with the UTF-8 of each, which is valid only until `body` returns.
    package mutating func take(_ bytes: some Sequence<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        guard bytes.withContiguousStorageIfAvailable({ take($0, body) }) == nil else { return }
        Array(bytes).withUnsafeBufferPointer { take($0, body) }
    }

    private mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var start = 0
        while start < bytes.count {
            // Most of all output is printable. It's taken in runs, and whole lines without a detour.
            let run =
                mode == .text && !returned && !isFull ? Self.run(bytes, from: start) : UnsafeBufferPointer(rebasing: bytes[start..<start])
            let end = start + run.count
            if !run.isEmpty, run.count > limit - line.count {
                // The rest of a line that is too long is dropped. Its end is looked for once, not again for every byte.
                for byte in run { append(byte) }
                start = end
            } else if !run.isEmpty {
                start = end
                if line.isEmpty, end < bytes.count, bytes[end] == 0x0A {
                    Self.clean(run, body)
                    start += 1
                } else {
                    line.append(contentsOf: run)
                }
            } else if bytes[start] == 0x0A {
                start += 1
                flush(body)
                mode = .text
            } else {
                take(bytes[start])
                start += 1
            }
        }
    }

    /// The bytes from `start` that `text` would append one by one.
    private static func run(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> UnsafeBufferPointer<UInt8> {
        var end = start
        while end < bytes.count, bytes[end] >= 0x20, bytes[end] != 0x7F { end += 1 }
        return UnsafeBufferPointer(rebasing: bytes[start..<end])
    }

    /// The last line, if it had no line end.
    package mutating func finish() -> String? {
        guard !line.isEmpty else { return nil }
        defer { beginLine() }
        return current
    }

    /// The unfinished line, such as the current state of a progress bar.
    package var current: String { Self.clean(line) }

    private mutating func flush(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        line.withUnsafeBufferPointer { Self.clean($0, body) }
        beginLine()
    }

    private mutating func beginLine() {
        line.removeAll(keepingCapacity: line.capacity <= limit)
        returned = false
        isFull = false
    }

    private mutating func take(_ byte: UInt8) {
        // CAN and SUB abort any sequence.
        if byte == 0x18 || byte == 0x1A { return mode = .text }
        switch mode {
        case .text: text(byte)
        case .escape: escape(byte)
        case .control:
            if byte == 0x1B { mode = .escape } else if (0x40...0x7E).contains(byte) { mode = .text }
        case .string:
            if byte == 0x07 { mode = .text } else if byte == 0x1B { mode = .stringEscape }
        case .stringEscape: mode = byte == 0x5C ? .text : .string
        }
    }

    private mutating func text(_ byte: UInt8) {
        switch byte {
        case 0x1B: mode = .escape
        case 0x0D: returned = true
        case 0x09: append(0x09)
        case 0x08: eraseLast()
        case 0x00...0x1F, 0x7F: break
        default: append(byte)
        }
    }

    /// Erases one whole character of any byte length. Does nothing at the beginning of the line.
    private mutating func eraseLast() {
        guard !returned else { return }
        while let byte = line.popLast(), byte & 0xC0 == 0x80 {}
        isFull = false
    }

    private mutating func append(_ byte: UInt8) {
        if returned {
            line = []
            returned = false
            isFull = false
        }
        // Keep a character as a whole or not at all.
        let continues = byte & 0xC0 == 0x80 && line.count - 3 < limit
        if !isFull, line.count < limit || continues { line.append(byte) } else { isFull = true }
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x5B: mode = .control
        case 0x5D, 0x50, 0x58, 0x5E, 0x5F: mode = .string
        case 0x1B, 0x20...0x2F: break
        default: mode = .text
        }
    }

    /// Makes a text harmless and keeps its line ends, except one at its end. For words of other programs inside an error.
    package static func clean(text: String) -> String {
        var lines = SafeLines(limit: .max)
        var all = lines.take(text.utf8)
        if let last = lines.finish() { all.append(last) }
        return all.joined(separator: "\n")
    }

    private static func clean(_ bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        // ASCII needs no look at its encoding. Only printable characters and tabs are in a line.
        if bytes.allSatisfy({ $0 < 0x80 && $0 >= 0x20 }) { return body(bytes) }
        var text = clean(bytes)
        text.withUTF8(body)
    }

    private static func clean(_ bytes: some Collection<UInt8>) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        if HarmlessText.isPlain(text) { return text }
        var result = HarmlessText()
        var column = 0
        for scalar in text.unicodeScalars {
            if scalar == "\t" {
                repeat {
                    result.append(" ")
                    column += 1
                } while column % 8 != 0
            } else {
                if scalar.hazard == nil { column += 1 }
                result.append(scalar)
            }
        }
        return result.text
    }
}
