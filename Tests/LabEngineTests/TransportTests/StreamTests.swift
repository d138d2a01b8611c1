import Dispatch
import HTTPTransport
import TestSupport
import Testing

@Suite("Transport: streams", .timeLimit(.minutes(1)))
struct TransportStreamTests {
    private let client = CurlHTTPClient.shared

    private static let chunkedHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"

    /// Sends chunks until the client goes.
    private static func endless() throws -> ScriptedServer {
        try ScriptedServer { _, connection in
            try connection.write(chunkedHead)
            while true { try connection.writeChunk([UInt8](repeating: 120, count: 1000)) }
        }
    }

    @Test("The head of a silent stream arrives before any byte of its body")
    func headBeforeBody() async throws {
        let gate = Gate()
        let server = try ScriptedServer { _, connection in
            try connection.write(Self.chunkedHead)
            gate.wait()
            try connection.writeChunk(Array("late".utf8))
            try connection.writeChunk([])
        }
        let response = try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/events"))
        #expect(response.head.status == 200)
        gate.open()
        #expect(try await response.body.text() == "late")
    }

    @Test("Interim answers are not the answer")
    func interim() async throws {
        let server = try ScriptedServer { _, connection in
            try connection.write("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")
            try connection.respond(200, ["X-Final": "1"], body: "ok")
        }
        let response = try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/"))
        #expect(response.head.headers.fields.map(\.name) == ["X-Final", "Content-Length"])
        #expect(try await response.body.text() == "ok")
    }

    @Test("A reader that stops reading stops the server, and loses nothing")
    func backPressure() async throws {
        let size = 64 << 20
        let sent = Counter()
        let server = try ScriptedServer { _, connection in
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            let piece = [UInt8](repeating: 7, count: 64 << 10)
            for _ in 0..<size / piece.count {
                try connection.write(piece)
                sent.add(piece.count)
            }
        }
        let response = try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/big"))
        try await sent.settle()
        #expect(sent.value < 4 << 20)
        var received = 0
        for try await piece in response.body { received += piece.count }
        #expect(received == size)
    }

    @Test("Cancelling the reader of an endless stream ends it on both sides")
    func cancelEndless() async throws {
        let server = try Self.endless()
        let begun = Counter()
        let reader = Task { [client] in
            let response = try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/events"))
            for try await piece in response.body { begun.add(piece.count) }
        }
        try await eventually { begun.value > 0 }
        reader.cancel()
        await #expect(throws: CancellationError.self) { try await reader.value }
        try await eventually { server.openConnectionCount == 0 }
    }

    @Test("Cancelling while the server ponders ends the request")
    func cancelBeforeHead() async throws {
        let server = try ScriptedServer { _, connection in try connection.stall() }
        let request = Task { [client] in
            try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/wait", headTimeout: nil))
        }
        try await eventually { server.requests.count == 1 }
        request.cancel()
        await #expect(throws: CancellationError.self) { _ = try await request.value }
        try await eventually { server.openConnectionCount == 0 }
    }

    @Test("A task that was cancelled before it sends does not reach the server")
    func cancelledFromTheStart() async throws {
        let server = try ScriptedServer { _, connection in try connection.respond(200) }
        let request = Task { [client] in
            withUnsafeCurrentTask { $0?.cancel() }
            _ = try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/"))
        }
        await #expect(throws: CancellationError.self) { try await request.value }
    }

    @Test("Dropping the body ends the transfer")
    func droppedBody() async throws {
        let server = try Self.endless()
        func headOnly() async throws -> Int {
            try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/events")).head.status
        }
        #expect(try await headOnly() == 200)
        try await eventually { server.openConnectionCount == 0 }
    }

    @Test(
        "A transfer paused on its very last piece still ends well",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsmall",
            "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nsmall",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsmall\r\n0\r\n\r\n",
        ])
    func pausedAtTheEnd(answer: String) async throws {
        let eager = CurlHTTPClient(highWater: 0)
        defer { eager.shutdown() }
        let server = try ScriptedServer { _, connection in
            try connection.write(answer)
            if answer.contains("close") { throw HangUp() }
        }
        let response = try await eager.send(HTTPRequest(endpoint: server.endpoint, target: "/"))
        try await Task.sleep(for: .milliseconds(100))
        #expect(try await response.body.text() == "small")
    }

    @Test(
        "Lines that are flushed one by one reach a slow reader in large pieces, paced or not", arguments: [nil, Duration.milliseconds(2)])
    func joining(pacing: Duration?) async throws {
        let server = try ScriptedServer { _, connection in
            try connection.write(Self.chunkedHead)
            for number in 0..<20_000 { try connection.writeChunk(Array("line \(number)\n".utf8)) }
            try connection.writeChunk([])
        }
        let response = try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/logs", readPacing: pacing))
        var pieces = 0
        var bytes: [UInt8] = []
        for try await piece in response.body {
            pieces += 1
            bytes += piece
        }
        #expect(bytes == (0..<20_000).flatMap { Array("line \($0)\n".utf8) })
        #expect(pieces < 10_000)
    }

    @Test("Paced traffic does not hold up a command")
    func pacingYields() async throws {
        let server = try Self.endless()
        let flood = try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/logs", readPacing: .seconds(3600)))
        var pieces = flood.body.makeAsyncIterator()
        _ = try await pieces.next()
        let plain = try ScriptedServer { _, connection in try connection.respond(200, body: "ok") }
        #expect(try await client.send(HTTPRequest(endpoint: plain.endpoint, target: "/")).head.status == 200)
    }

    @Test("What comes soon after a delivery is gathered, and the end delivers the rest")
    func gathering() async throws {
        let isRead = DispatchSemaphore(value: 0)
        let server = try ScriptedServer { _, connection in
            try connection.write(Self.chunkedHead)
            try connection.writeChunk(Array("first".utf8))
            isRead.wait()
            for text in ["second, ", "third"] { try connection.writeChunk(Array(text.utf8)) }
            try connection.writeChunk([])
        }
        defer { isRead.signal() }
        let request = HTTPRequest(endpoint: server.endpoint, target: "/logs", deliveryPacing: .seconds(3600))
        var pieces = try await client.send(request).body.makeAsyncIterator()
        #expect(try await pieces.next().map { String(decoding: $0, as: UTF8.self) } == "first")
        isRead.signal()
        #expect(try await pieces.next().map { String(decoding: $0, as: UTF8.self) } == "second, third")
        #expect(try await pieces.next() == nil)
    }

    @Test("A body has one reader at a time")
    func twoReaders() async throws {
        let server = try ScriptedServer { _, connection in
            try connection.write(Self.chunkedHead)
            try connection.stall()
        }
        let body = try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/")).body
        let readers = (0..<2).map { _ in Task { try await body.collect() } }
        let loser = await withTaskGroup(of: TransportError?.self) { group in
            for reader in readers {
                group.addTask {
                    do { _ = try await reader.value } catch { return error as? TransportError }
                    return nil
                }
            }
            let first = await group.next() ?? nil
            for reader in readers { reader.cancel() }
            return first
        }
        #expect(loser?.kind == .badRequest)
    }

    @Test("A body beyond the caller's limit is refused")
    func limit() async throws {
        let server = try Self.endless()
        let response = try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/"))
        let error = await #expect(throws: TransportError.self) { try await response.body.collect(limit: 10_000) }
        #expect(error?.kind == .bodyTooLarge)
    }
}
