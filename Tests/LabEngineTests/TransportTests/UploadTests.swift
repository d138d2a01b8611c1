import Glibc
import HTTPTransport
import TestSupport
import Testing

@Suite("Transport: uploads", .timeLimit(.minutes(1)))
struct TransportUploadTests {
    private let client = CurlHTTPClient.shared

    /// Answers with what arrived.
    private static func counting() throws -> ScriptedServer {
        try ScriptedServer { request, connection in
            let body = try connection.readBody()
            let sum = body.reduce(UInt64(0)) { ($0 &* 31) &+ UInt64($1) }
            try connection.respond(200, body: "\(request.method) \(body.count) \(sum)")
        }
    }

    private static func expected(_ method: String, _ body: [UInt8]) -> String {
        "\(method) \(body.count) \(body.reduce(UInt64(0)) { ($0 &* 31) &+ UInt64($1) })"
    }

    @Test("Bytes go with their length and without Expect, for every method", arguments: ["POST", "PUT", "DELETE"])
    func bytes(method: String) async throws {
        let server = try Self.counting()
        let body = Array("{\"a\":1}".utf8)
        let request = HTTPRequest(
            method: method, endpoint: server.endpoint, target: "/x", headers: ["Content-Type": "application/json"], body: .bytes(body))
        let text = try await client.send(request).body.text()
        #expect(text == Self.expected(method, body))
        let seen = try #require(server.requests.first)
        #expect(seen.headers["Content-Length"] == "7")
        #expect(seen.headers["Content-Type"] == "application/json")
        #expect(seen.headers["Expect"] == nil)
    }

    @Test("A POST without a body says that its length is zero")
    func emptyPost() async throws {
        let server = try Self.counting()
        let response = try await client.send(HTTPRequest(method: "POST", endpoint: server.endpoint, target: "/containers/x/start"))
        #expect(try await response.body.text() == "POST 0 0")
        #expect(server.requests.first?.headers["Content-Length"] == "0")
        #expect(server.requests.first?.headers["Content-Type"] == nil)
    }

    @Test("Five megabytes of unknown length go in chunks, unchanged")
    func chunked() async throws {
        let server = try Self.counting()
        let producer = PatternProducer(count: 5_000_000)
        let request = HTTPRequest(
            method: "POST", endpoint: server.endpoint, target: "/build", body: .produced(by: producer, length: nil))
        let text = try await client.send(request).body.text()
        #expect(text == Self.expected("POST", PatternProducer.bytes(5_000_000)))
        #expect(server.requests.first?.headers["Transfer-Encoding"] == "chunked")
    }

    @Test("A producer that knows its length is sent with it")
    func producedWithLength() async throws {
        let server = try Self.counting()
        let producer = PatternProducer(count: 300_000)
        let request = HTTPRequest(
            method: "PUT", endpoint: server.endpoint, target: "/archive", body: .produced(by: producer, length: 300_000))
        let text = try await client.send(request).body.text()
        #expect(text == Self.expected("PUT", PatternProducer.bytes(300_000)))
        #expect(server.requests.first?.headers["Content-Length"] == "300000")
    }

    @Test("A file goes with its length; a missing one is named with its errno")
    func file() async throws {
        let server = try Self.counting()
        let file = try TemporaryFile(PatternProducer.bytes(2_000_000))
        let request = HTTPRequest(method: "POST", endpoint: server.endpoint, target: "/load", body: .file(path: file.path))
        #expect(try await client.send(request).body.text() == Self.expected("POST", PatternProducer.bytes(2_000_000)))

        let missing = HTTPRequest(method: "POST", endpoint: server.endpoint, target: "/load", body: .file(path: "/nonexistent/x"))
        let error = await #expect(throws: TransportError.self) { try await client.send(missing) }
        #expect(error?.kind == .uploadFailed)
        #expect(error?.errno == ENOENT)
    }

    @Test("A producer's own error is the request's error")
    func throwingProducer() async throws {
        let server = try Self.counting()
        let request = HTTPRequest(
            method: "POST", endpoint: server.endpoint, target: "/build",
            body: .produced(by: PatternProducer(count: 1 << 30, failsAfter: 100_000), length: nil))
        await #expect(throws: PatternProducer.Failure()) { try await client.send(request) }
    }

    @Test("A producer that ends before its announced length fails the request instead of leaving the server waiting")
    func shortProducer() async throws {
        let server = try Self.counting()
        let request = HTTPRequest(
            method: "POST", endpoint: server.endpoint, target: "/build",
            body: .produced(by: PatternProducer(count: 10), length: 11))
        let error = await #expect(throws: TransportError.self) { try await client.send(request) }
        #expect(error?.kind == .uploadFailed)
    }

    @Test("An early 400 during a 50 MB upload is the answer, not an error", arguments: [true, false])
    func earlyAnswer(closes: Bool) async throws {
        let server = try ScriptedServer { _, connection in
            _ = try connection.read()
            try connection.respond(400, body: "no Dockerfile")
            if closes { throw HangUp() }
            try connection.stall()
        }
        let request = HTTPRequest(
            method: "POST", endpoint: server.endpoint, target: "/build",
            body: .produced(by: PatternProducer(count: 50_000_000), length: nil))
        do {
            let response = try await client.send(request)
            #expect(response.head.status == 400)
            #expect(try await response.body.text() == "no Dockerfile")
        } catch let error as TransportError where closes {
            // The next piece may meet the closed connection before libcurl has read the answer that lies in it.
            #expect(error.kind == .reset)
        }
    }

    @Test("An upload that the server stops taking ends with the idle limit")
    func stalledUpload() async throws {
        let server = try ScriptedServer { _, connection in
            _ = try connection.read()
            while connection.isOpen { usleep(10_000) }
        }
        let request = HTTPRequest(
            method: "POST", endpoint: server.endpoint, target: "/build",
            body: .produced(by: PatternProducer(count: 50_000_000), length: nil), headTimeout: nil, idleTimeout: .milliseconds(100))
        let error = await #expect(throws: TransportError.self) { try await client.send(request) }
        #expect(error?.kind == .timeout)
    }

    @Test("A body of bytes is sent again when the kept connection died; the request is not lost")
    func deadKeptConnection() async throws {
        let server = try ScriptedServer { request, connection in
            _ = try connection.readBody()
            try connection.respond(200, body: "ok")
            // Keep-alive was promised, and the promise is broken.
            throw HangUp()
        }
        for _ in 0..<5 {
            let request = HTTPRequest(method: "POST", endpoint: server.endpoint, target: "/x", body: .bytes(Array("hello".utf8)))
            #expect(try await client.send(request).body.text() == "ok")
        }
    }
}
