import Testing

@testable import LoadTest

@Suite("Load: answers as they come in") struct AnswerParserTests {
    private struct Answer: Equatable {
        var status: Int
        var body: String
        var keepsAlive: Bool
        var left: Int
    }

    /// Feeds the bytes in pieces of `size`, as a connection would hand them on; nil where the answer does not end.
    private func parse(_ text: String, pieces size: Int, isHead: Bool = false, closes: Bool = false) throws -> Answer? {
        var parser = AnswerParser()
        parser.reset(method: isHead)
        var body = AnswerBody()
        let bytes = Array(text.utf8)
        var pending: [UInt8] = []
        var position = 0
        while position < bytes.count, !parser.isDone {
            let end = min(bytes.count, position + size)
            pending += bytes[position..<end]
            position = end
            let used = try pending.withUnsafeBytes { try parser.feed($0, body: &body) }
            pending.removeFirst(used)
        }
        if closes, !parser.isDone, !parser.endOfStream() { return nil }
        guard parser.isDone else { return nil }
        return Answer(
            status: parser.status, body: String(decoding: body.bytes, as: UTF8.self), keepsAlive: parser.keepsAlive,
            left: pending.count + bytes.count - position)
    }

    private static let answers: [(text: String, status: Int, body: String, keepsAlive: Bool)] = [
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 200, "hello", true),
        ("HTTP/1.1 503 Service Unavailable\r\ncontent-length:  2 \r\nConnection: Close\r\n\r\nno", 503, "no", false),
        ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", 200, "", false),
        ("HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx", 200, "x", true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;a=b\r\n world\r\n0\r\n\r\n", 200, "hello world", true),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n", 200, "0123456789", true),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\nok", 201, "ok", true),
        ("HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n", 204, "", true),
        ("HTTP/1.1 304 Not Modified\r\n\r\n", 304, "", true),
    ]

    @Test("Every way of saying where an answer ends, however it is cut into pieces")
    func framings() throws {
        for answer in Self.answers {
            for size in 1...answer.text.utf8.count {
                let parsed = try parse(answer.text, pieces: size)
                let expected = Answer(status: answer.status, body: answer.body, keepsAlive: answer.keepsAlive, left: 0)
                #expect(parsed == expected, "\(answer.text.debugDescription) in pieces of \(size)")
            }
        }
    }

    @Test("An answer without a length ends with the connection, and only then")
    func untilClose() throws {
        let text = "HTTP/1.1 200 OK\r\n\r\nall of it"
        #expect(try parse(text, pieces: 4) == nil)
        #expect(try parse(text, pieces: 4, closes: true) == Answer(status: 200, body: "all of it", keepsAlive: false, left: 0))
    }

    @Test("A connection that closes early does not end an answer")
    func cut() throws {
        for text in [
            "", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        ] {
            #expect(try parse(text, pieces: 3, closes: true) == nil, "\(text)")
        }
    }

    @Test("An answer to HEAD has no body, whatever its length says")
    func head() throws {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"
        #expect(try parse(text, pieces: 7, isHead: true)?.body.isEmpty == true)
    }

    @Test("Bytes beyond the answer are left alone")
    func leftOver() throws {
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n"
        #expect(try parse(text, pieces: 1000)?.left == 17)
    }

    @Test(
        "What is no HTTP is refused",
        arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/2 200\r\n\r\n      ", "HTTP/1.1 2x0 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n",
            "HTTP/1.1 200 OK\r\nX: " + String(repeating: "x", count: 40_000),
        ])
    func malformed(_ text: String) {
        #expect(throws: AnswerParser.Malformed.self) { try parse(text, pieces: 1 << 20) }
        #expect(throws: AnswerParser.Malformed.self) { try parse(text, pieces: 11) }
    }
}
