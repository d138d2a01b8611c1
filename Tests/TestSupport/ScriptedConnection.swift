import Glibc
package import HTTPTransport
import LabSupport

/// One accepted connection in a script's hands, with blocking calls.
package final class ScriptedConnection: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        var sent = 0
        var framing = Framing.none
    }

    /// What of the current request's body is still to come.
    private enum Framing {
        case none
        case length(Int)
        case chunked
    }

    private let descriptor: Int32
    private let state = Locked(State())

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Bytes that the kernel took from the script so far, over all answers of the connection.
    package var sentByteCount: Int { state.withLock { $0.sent } }

    /// False once the client hung up or the server cut; unread bytes do not hide it.
    package var isOpen: Bool {
        var descriptor = pollfd(fd: descriptor, events: 0, revents: 0)
        return poll(&descriptor, 1, 0) == 0
    }

    /// Lets time pass; throws once the other side is gone.
    package func rest(milliseconds: Int32) throws {
        var descriptor = pollfd(fd: descriptor, events: 0, revents: 0)
        if poll(&descriptor, 1, milliseconds) != 0 { throw HangUp() }
    }

    // MARK: Writing

    /// Writes all of it, however long the client takes to read.
    package func write(_ bytes: [UInt8]) throws {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw HangUp()
            }
            offset += count
            state.withLock { $0.sent += count }
        }
    }

    /// Writes text as it stands; line ends are the script's business.
    package func write(_ text: String) throws { try write(Array(text.utf8)) }

    /// A complete answer with a length.
    package func respond(_ status: Int, _ headers: HTTPHeaders = [:], body: String = "") throws {
        let lines = headers.fields.map { "\($0.name): \($0.value)\r\n" }.joined()
        try write("HTTP/1.1 \(status) Scripted\r\n\(lines)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// One chunk of a chunked body; an empty one ends it.
    package func writeChunk(_ bytes: [UInt8]) throws {
        try write(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + [13, 10])
    }

    // MARK: Reading

    /// The next bytes, whatever they are; nil at the client's end.
    package func read() throws -> [UInt8]? {
        let kept = state.withLock { state -> [UInt8] in
            defer { state.buffer = [] }
            return state.buffer
        }
        if !kept.isEmpty { return kept }
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = recv(descriptor, &piece, piece.count, 0)
            if count > 0 { return Array(piece[..<count]) }
            if count == 0 { return nil }
            if errno != EINTR { throw HangUp() }
        }
    }

    /// The rest of the request's body, with chunks put together.
    package func readBody() throws -> [UInt8] {
        let framing = state.withLock { state in
            defer { state.framing = .none }
            return state.framing
        }
        switch framing {
        case .none: return []
        case .length(let count): return try readExactly(count)
        case .chunked: return try readChunks()
        }
    }

    /// Waits, without sending anything, until the client hangs up or the server stops.
    package func stall() throws {
        while try read() != nil {}
        throw HangUp()
    }

    /// Ends the connection from any thread; blocked calls return.
    package func cut() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func readHead() throws -> ScriptedRequest? {
        guard let first = try readLine(), !first.isEmpty else { return nil }
        let words = first.split(separator: " ").map(String.init)
        guard words.count == 3 else { throw HangUp() }
        var headers = HTTPHeaders()
        while let line = try readLine(), !line.isEmpty {
            guard let colon = line.firstIndex(of: ":") else { throw HangUp() }
            headers.append(String(line[..<colon]), String(line[line.index(after: colon)...].drop { $0 == " " }))
        }
        let framing: Framing =
            headers["Transfer-Encoding"]?.lowercased() == "chunked"
            ? .chunked : headers["Content-Length"].flatMap { Int($0) }.map { .length($0) } ?? .none
        state.withLock { $0.framing = framing }
        return ScriptedRequest(method: words[0], target: words[1], headers: headers)
    }

    func skipUnreadBody() throws { _ = try readBody() }

    private func readLine() throws -> String? {
        var line: [UInt8] = []
        while line.last != 10 {
            guard let piece = try read() else { return nil }
            let end = piece.firstIndex(of: 10).map { $0 + 1 } ?? piece.count
            line += piece[..<end]
            putBack(piece[end...])
        }
        line.removeLast(line.count > 1 && line[line.count - 2] == 13 ? 2 : 1)
        return String(decoding: line, as: UTF8.self)
    }

    private func readExactly(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            guard let piece = try read() else { throw HangUp() }
            let end = min(piece.count, count - bytes.count)
            bytes += piece[..<end]
            putBack(piece[end...])
        }
        return bytes
    }

    private func readChunks() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            guard let line = try readLine(), let count = Int(line, radix: 16) else { throw HangUp() }
            bytes += try readExactly(count)
            _ = try readLine()
            if count == 0 { return bytes }
        }
    }

    private func putBack(_ rest: ArraySlice<UInt8>) {
        if !rest.isEmpty { state.withLock { $0.buffer = Array(rest) + $0.buffer } }
    }
}
