import Glibc

/// Reads the responses of an HTTP/1 connection as they arrive, without copying, because a load generator does this tens of thousands of times
/// a second. It keeps the status and the end of the response, and passes the body's bytes on.
struct AnswerParser {
    /// Why the bytes aren't an HTTP response.
    struct Malformed: Error, Equatable {
        var detail: String
    }

    private enum State: Equatable {
        case head
        case body(left: Int)
        case chunkSize
        case chunk(left: Int)
        case chunkEnd
        case trailer
        case untilClose
        case done
    }

    /// The maximum size of a head, in bytes.
    static let maximumHead = 32 << 10

    private(set) var status = 0
    /// Whether the connection can serve another request after this response.
    private(set) var keepsAlive = true
    private var state = State.head
    private var hasNoBody = false

    var isDone: Bool { state == .done }
    /// Whether a part of a response was read.
    private(set) var hasBegun = false

    /// Prepares for the next response. A response to HEAD never has a body, regardless of its fields.
    mutating func reset(method isHead: Bool) {
        state = .head
        status = 0
        keepsAlive = true
        hasNoBody = isHead
        hasBegun = false
    }

    /// Takes as much of `bytes` as possible and returns the number of bytes taken. Pass the rest again, followed by more bytes.
    mutating func feed(_ bytes: UnsafeRawBufferPointer, body: inout AnswerBody) throws(Malformed) -> Int {
        var used = 0
        if !bytes.isEmpty { hasBegun = true }
        while used < bytes.count, state != .done {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[used...])
            let taken = try step(rest, &body)
            if taken == 0 { break }
            used += taken
        }
        return used
    }

    /// Call this when the connection was closed. True if that's a valid end of the response.
    mutating func endOfStream() -> Bool {
        if state == .untilClose { state = .done }
        return state == .done
    }

    private mutating func step(_ bytes: UnsafeRawBufferPointer, _ body: inout AnswerBody) throws(Malformed) -> Int {
        switch state {
        case .head: return try readHead(bytes)
        case .body(let left):
            let count = min(left, bytes.count)
            body.take(bytes, count)
            state = left == count ? .done : .body(left: left - count)
            return count
        case .untilClose:
            body.take(bytes, bytes.count)
            return bytes.count
        case .chunk(let left):
            let count = min(left, bytes.count)
            body.take(bytes, count)
            state = left == count ? .chunkEnd : .chunk(left: left - count)
            return count
        case .chunkSize, .chunkEnd, .trailer: return try takeLine(bytes)
        case .done: return 0
        }
    }

    private mutating func readHead(_ bytes: UnsafeRawBufferPointer) throws(Malformed) -> Int {
        guard let start = bytes.baseAddress else { return 0 }
        guard let length = Self.lengthOfHead(bytes) else {
            if bytes.count > Self.maximumHead { throw Malformed(detail: "a head of more than \(Self.maximumHead) bytes") }
            if bytes.count >= 5, memcmp(start, "HTTP/", 5) != 0 { throw Malformed(detail: "no status line") }
            return 0
        }
        try readFields(UnsafeRawBufferPointer(start: start, count: length))
        return length
    }

    /// Reads `HTTP/1.1 200 OK`, and the three fields that determine where the response ends.
    private mutating func readFields(_ head: UnsafeRawBufferPointer) throws(Malformed) {
        guard head.count >= 14, let start = head.baseAddress, memcmp(start, "HTTP/1.", 7) == 0, head[8] == 32,
            let status = Self.number(head, 9..<12)
        else { throw Malformed(detail: "no status line") }
        self.status = status
        keepsAlive = head[7] != UInt8(ascii: "0")
        var length: Int?
        var isChunked = false
        var line = (Self.endOfLine(head, from: 9) ?? head.count) + 1
        while line < head.count, let end = Self.endOfLine(head, from: line), end > line + 1 {
            let field = UnsafeRawBufferPointer(rebasing: head[line..<end])
            if let value = Self.value(field, of: "content-length") {
                guard let count = Self.number(value, 0..<value.count) else { throw Malformed(detail: "Content-Length is no number") }
                length = count
            } else if let value = Self.value(field, of: "transfer-encoding") {
                isChunked = Self.ends(value, with: "chunked")
            } else if let value = Self.value(field, of: "connection") {
                if Self.ends(value, with: "close") { keepsAlive = false }
                if Self.ends(value, with: "keep-alive") { keepsAlive = true }
            }
            line = end + 1
        }
        begin(length: length, isChunked: isChunked)
    }

    private mutating func begin(length: Int?, isChunked: Bool) {
        if (100..<200).contains(status), status != 101 {
            // This is an interim response. The final one follows.
            state = .head
        } else if hasNoBody || status == 204 || status == 304 {
            state = .done
        } else if isChunked {
            state = .chunkSize
        } else if let length {
            state = length == 0 ? .done : .body(left: length)
        } else {
            state = .untilClose
            keepsAlive = false
        }
    }

    private mutating func takeLine(_ bytes: UnsafeRawBufferPointer) throws(Malformed) -> Int {
        guard let end = Self.endOfLine(bytes, from: 0) else {
            if bytes.count > 1024 { throw Malformed(detail: "a chunk's line of more than 1024 bytes") }
            return 0
        }
        let content = end > 0 && bytes[end - 1] == 13 ? end - 1 : end
        switch state {
        case .chunkSize:
            guard let size = Self.hexadecimal(bytes, content) else { throw Malformed(detail: "a chunk without a size") }
            state = size == 0 ? .trailer : .chunk(left: size)
        case .chunkEnd:
            guard content == 0 else { throw Malformed(detail: "a chunk longer than its size") }
            state = .chunkSize
        default:
            if content == 0 { state = .done }
        }
        return end + 1
    }
}

// MARK: - Bytes

extension AnswerParser {
    private static func endOfLine(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = bytes.baseAddress, start < bytes.count else { return nil }
        guard let found = memchr(base + start, 10, bytes.count - start) else { return nil }
        return base.distance(to: UnsafeRawPointer(found))
    }

    /// The bytes up to and including the empty line.
    private static func lengthOfHead(_ bytes: UnsafeRawBufferPointer) -> Int? {
        var line = 0
        while let end = endOfLine(bytes, from: line) {
            if end == line + 1, bytes[line] == 13 { return end + 1 }
            line = end + 1
        }
        return nil
    }

    /// The value of a field, without the spaces around it. `name` must be in lower case.
    private static func value(_ field: UnsafeRawBufferPointer, of name: StaticString) -> UnsafeRawBufferPointer? {
        let count = name.utf8CodeUnitCount
        guard field.count > count, field[count] == UInt8(ascii: ":"), let base = field.baseAddress else { return nil }
        guard
            strncasecmp(
                base.assumingMemoryBound(to: CChar.self), UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self), count) == 0
        else { return nil }
        var start = count + 1
        var end = field.count
        while start < end, field[start] == 32 || field[start] == 9 { start += 1 }
        while end > start, field[end - 1] == 13 || field[end - 1] == 32 || field[end - 1] == 9 { end -= 1 }
        return UnsafeRawBufferPointer(rebasing: field[start..<end])
    }

    private static func ends(_ value: UnsafeRawBufferPointer, with word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard value.count >= count, let base = value.baseAddress else { return false }
        let tail = (base + value.count - count).assumingMemoryBound(to: CChar.self)
        return strncasecmp(tail, UnsafeRawPointer(word.utf8Start).assumingMemoryBound(to: CChar.self), count) == 0
    }

    private static func number(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Int? {
        guard !range.isEmpty, range.count <= 18 else { return nil }
        var number = 0
        for index in range {
            guard (48...57).contains(bytes[index]) else { return nil }
            number = number * 10 + Int(bytes[index]) - 48
        }
        return number
    }

    /// A chunk's size. An extension may follow after a semicolon.
    private static func hexadecimal(_ bytes: UnsafeRawBufferPointer, _ count: Int) -> Int? {
        var number = 0
        var digits = 0
        for index in 0..<count {
            let byte = bytes[index]
            let digit: Int
            switch byte {
            case 48...57: digit = Int(byte) - 48
            case 65...70: digit = Int(byte) - 55
            case 97...102: digit = Int(byte) - 87
            default: return digits > 0 && (byte == UInt8(ascii: ";") || byte == 32) ? number : nil
            }
            digits += 1
            guard digits <= 14 else { return nil }
            number = number << 4 | digit
        }
        return digits > 0 ? number : nil
    }
}

/// The body of one response. Counts its bytes, and keeps the first of them.
struct AnswerBody {
    /// The maximum number of bytes to keep.
    static let limit = 1 << 20

    private(set) var count = 0
    private(set) var bytes: [UInt8] = []

    /// Begins the next body, and reuses the memory.
    mutating func reset() {
        count = 0
        bytes.removeAll(keepingCapacity: true)
    }

    mutating func take(_ bytes: UnsafeRawBufferPointer, _ length: Int) {
        count += length
        guard self.bytes.count < Self.limit else { return }
        self.bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[..<min(length, Self.limit - self.bytes.count)]))
    }
}
