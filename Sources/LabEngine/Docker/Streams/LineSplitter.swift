import HTTPTransport

/// Splits bytes that arrive in pieces into lines.
struct LineSplitter {
    private var partial: [UInt8] = []
    private let limit: Int

    /// `limit` is the maximum length of a line in bytes.
    init(limit: Int = 16 << 20) { self.limit = limit }

    /// The lines that the piece completed, without their line ends (`\n` or `\r\n`).
    mutating func feed(_ piece: [UInt8]) throws -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var start = piece.startIndex
        while let newline = piece[start...].firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(Self.trimmed(partial + piece[start..<newline]))
            partial.removeAll(keepingCapacity: true)
            start = newline + 1
        }
        guard partial.count + piece.count - start <= limit else {
            throw TransportError(kind: .bodyTooLarge, detail: "a line of more than \(limit) bytes")
        }
        partial += piece[start...]
        return lines
    }

    /// The text after the last line end, or nil if there is none.
    mutating func finish() -> [UInt8]? {
        defer { partial = [] }
        return partial.isEmpty ? nil : Self.trimmed(partial)
    }

    private static func trimmed(_ line: [UInt8]) -> [UInt8] {
        line.last == UInt8(ascii: "\r") ? Array(line.dropLast()) : line
    }
}
