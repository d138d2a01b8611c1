import Glibc
import HTTPTransport
import TestSupport
import Testing

@Suite("Transport: failures", .timeLimit(.minutes(1)))
struct TransportFailureTests {
    private let client = CurlHTTPClient.shared

    private func failure(_ request: HTTPRequest) async throws -> TransportError {
        let error = await #expect(throws: TransportError.self) {
            let response = try await client.send(request)
            _ = try await response.body.collect()
        }
        return try #require(error)
    }

    private func failure(_ endpoint: Endpoint) async throws -> TransportError {
        try await failure(HTTPRequest(endpoint: endpoint, target: "/_ping"))
    }

    @Test("A missing and a dead socket are told apart by errno, and the text names the socket")
    func sockets() async throws {
        let missing = try await failure(.unix(path: "/tmp/ailab-no-such.sock"))
        #expect((missing.kind, missing.errno) == (.connect, ENOENT))
        #expect(missing.detail.hasPrefix("/tmp/ailab-no-such.sock: "))

        let socket = try TemporaryFile.deadSocket()
        defer { withExtendedLifetime(socket) {} }
        let dead = try await failure(.unix(path: socket.path))
        #expect((dead.kind, dead.errno) == (.connect, ECONNREFUSED))
    }

    /// In a process of its own, which may give up being root: root opens every socket.
    @Test("A socket without permission says EACCES")
    func forbidden() async {
        await #expect(processExitsWith: .success) {
            let server = try ScriptedServer { _, connection in try connection.respond(200) }
            guard case .unix(let path) = server.endpoint else { return }
            chmod(path, 0)
            if geteuid() == 0 {
                // The new user's own, so that it can be removed from /tmp again.
                try #require(chown(path, 65_534, 65_534) == 0)
                try #require(setuid(65_534) == 0)
            }
            let error = await #expect(throws: TransportError.self) {
                try await CurlHTTPClient.shared.send(HTTPRequest(endpoint: server.endpoint, target: "/"))
            }
            #expect(error?.kind == .connect)
            #expect(error?.errno == EACCES)
            server.stop()
        }
    }

    @Test("An address that was refused before the server's isn't why the server's answer fails")
    func earlierAddress() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in connection.cut() }
        guard case .tcp(_, let port, _) = server.endpoint else { return }
        // `localhost` is ::1 first on most machines, and nothing listens there.
        let error = try await failure(.tcp(host: "localhost", port: port, tls: nil))
        #expect(error.kind == .reset && error.errno != ECONNREFUSED)
    }

    @Test("A refused port and an unknown name")
    func tcp() async throws {
        let server = try ScriptedServer(on: .loopback) { _, _ in }
        server.stop()
        // The port may be listened on for a moment longer.
        try await Task.sleep(for: .milliseconds(100))
        let refused = try await failure(server.endpoint)
        #expect((refused.kind, refused.errno) == (.connect, ECONNREFUSED))
        let unknown = try await failure(.tcp(host: "no-such-host.invalid", port: 80, tls: nil))
        #expect(unknown.kind == .resolve)
    }

    @Test("A path too long for a socket is the caller's mistake, in words about the path")
    func longPath() async throws {
        let error = try await failure(.unix(path: "/tmp/" + String(repeating: "x", count: 120)))
        #expect(error.kind == .badRequest)
        #expect(error.detail.contains("107"))
    }

    @Test("What would garble the request is refused", arguments: ["no-slash", "/blank here", "/line\r\nX: y", ""])
    func targets(target: String) async throws {
        let error = try await failure(HTTPRequest(endpoint: .unix(path: "/tmp/x"), target: target))
        #expect(error.kind == .badRequest)
    }

    @Test("A header that would smuggle a second one is refused")
    func headers() async throws {
        let error = try await failure(
            HTTPRequest(endpoint: .unix(path: "/tmp/x"), target: "/", headers: ["X": "a\r\nY: b"]))
        #expect(error.kind == .badRequest)
    }

    @Test(
        "A connection cut in the middle of a body is an error, with a length and in chunks",
        arguments: ["Content-Length: 100\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n64\r\nhalf"])
    func cut(answer: String) async throws {
        let server = try ScriptedServer { _, connection in
            try connection.write("HTTP/1.1 200 OK\r\n" + answer)
            throw HangUp()
        }
        #expect(try await failure(server.endpoint).kind == .reset)
    }

    @Test(
        "An answer that is no HTTP, and one whose chunks are broken",
        arguments: ["SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhalf"])
    func malformed(answer: String) async throws {
        let server = try ScriptedServer { _, connection in
            try connection.write(answer)
            throw HangUp()
        }
        #expect(try await failure(server.endpoint).kind == .malformedResponse)
    }

    @Test("A server that hangs up without an answer")
    func silence() async throws {
        let server = try ScriptedServer { _, _ in throw HangUp() }
        #expect(try await failure(server.endpoint).kind == .reset)
    }

    @Test("What arrived before the cut is still read")
    func piecesBeforeError() async throws {
        let server = try ScriptedServer { _, connection in
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            throw HangUp()
        }
        let response = try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/"))
        try await Task.sleep(for: .milliseconds(100))
        var pieces = response.body.makeAsyncIterator()
        #expect(try await pieces.next() == Array("half".utf8))
        await #expect(throws: TransportError.self) { try await pieces.next() }
    }
}
