import Glibc
import HTTPTransport
import TestSupport
import Testing

@Suite("Transport: upgrades", .timeLimit(.minutes(1)))
struct TransportUpgradeTests {
    private let client = CurlHTTPClient.shared

    private static func echo(on place: ScriptedServer.Place, head: String) throws -> ScriptedServer {
        try ScriptedServer(on: place) { _, connection in
            _ = try connection.readBody()
            try connection.write(head + "\r\n\r\nearly")
            while let bytes = try connection.read() { try connection.write(bytes) }
            try connection.write("bye")
            throw HangUp()
        }
    }

    @Test(
        "An upgraded connection keeps its early bytes, echoes, and ends when we finish writing",
        arguments: ["HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nContent-Length: 0", "HTTP/1.1 200 OK"])
    func echo(head: String) async throws {
        for place in [ScriptedServer.Place.temporarySocket, .loopback] {
            let server = try Self.echo(on: place, head: head)
            let request = HTTPRequest(
                method: "POST", endpoint: server.endpoint, target: "/exec/1/start", body: .bytes(Array(#"{"Tty":true}"#.utf8)))
            let connection = try await client.upgrade(request)
            let sent = "ls -l\n".utf8.withContiguousStorageIfAvailable { Glibc.write(connection.descriptor, $0.baseAddress, $0.count) }
            #expect(sent == 6)
            connection.finishWriting()
            #expect(String(decoding: connection.early + Self.drain(connection.descriptor), as: UTF8.self) == "earlyls -l\nbye")
            let seen = try #require(server.requests.first)
            #expect(seen.headers["Upgrade"] == "tcp")
            #expect(seen.headers["Content-Length"] == "12")
        }
    }

    static func drain(_ descriptor: Int32) -> [UInt8] {
        var all: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1000)
        while true {
            var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&wait, 1, 20_000) > 0 else { return all + Array("(hang)".utf8) }
            let count = read(descriptor, &piece, piece.count)
            guard count > 0 else { return all }
            all += piece[..<count]
        }
    }

    @Test(
        "A refusal comes with status and body, however it is framed",
        arguments: [
            "Content-Length: 12\r\n\r\nnot running\n",
            "Transfer-Encoding: chunked\r\n\r\n4\r\nnot \r\n8\r\nrunning\n\r\n0\r\n\r\n",
            "Connection: close\r\n\r\nnot running\n",
        ])
    func refusal(answer: String) async throws {
        let server = try ScriptedServer { _, connection in
            _ = try connection.readBody()
            try connection.write("HTTP/1.1 409 Conflict\r\n" + answer)
            if answer.contains("close") { throw HangUp() }
        }
        let error = await #expect(throws: HTTPStatusError.self) {
            try await client.upgrade(HTTPRequest(method: "POST", endpoint: server.endpoint, target: "/exec/1/start"))
        }
        #expect(error == HTTPStatusError(status: 409, body: Array("not running\n".utf8)))
    }

    @Test(
        "A refusal with an impossible length is said to be nonsense",
        arguments: [
            "Content-Length: -5\r\n\r\n", "Content-Length: 99999999999999999999\r\n\r\n", "Content-Length: x\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nx", "Transfer-Encoding: chunked\r\n\r\n7ffffffffffffffd\r\nx",
            "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx", "Transfer-Encoding: chunked\r\n\r\n-1\r\nx",
        ])
    func nonsense(answer: String) async throws {
        let server = try ScriptedServer { _, connection in
            _ = try connection.readBody()
            try connection.write("HTTP/1.1 409 Conflict\r\n" + answer)
            throw HangUp()
        }
        let error = await #expect(throws: TransportError.self) {
            try await client.upgrade(HTTPRequest(method: "POST", endpoint: server.endpoint, target: "/exec/1/start"))
        }
        #expect(error?.kind == .malformedResponse)
    }

    @Test("A silent server meets the limit, a missing one is named, a cancelled task is let go")
    func failures() async throws {
        let silent = try ScriptedServer { _, connection in try connection.stall() }
        let request = HTTPRequest(method: "POST", endpoint: silent.endpoint, target: "/", headTimeout: .milliseconds(100))
        let late = await #expect(throws: TransportError.self) { try await client.upgrade(request) }
        #expect(late?.kind == .timeout)

        let missing = HTTPRequest(endpoint: .unix(path: "/tmp/ailab-no-such.sock"), target: "/")
        let absent = await #expect(throws: TransportError.self) { try await client.upgrade(missing) }
        #expect(absent?.errno == ENOENT)

        let pending = Task { [client] in
            try await client.upgrade(HTTPRequest(endpoint: silent.endpoint, target: "/", headTimeout: nil))
        }
        try await eventually { silent.requests.count == 2 }
        pending.cancel()
        await #expect(throws: CancellationError.self) { _ = try await pending.value }
        try await eventually { silent.openConnectionCount == 0 }
    }
}
