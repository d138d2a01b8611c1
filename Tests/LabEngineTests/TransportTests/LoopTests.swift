import Glibc
import HTTPTransport
import TestSupport
import Testing

@Suite("Transport: many at once", .timeLimit(.minutes(2)))
struct TransportLoopTests {
    private static func mixed(on place: ScriptedServer.Place, backlog: Int32 = 512) throws -> ScriptedServer {
        try ScriptedServer(on: place, backlog: backlog) { request, connection in
            guard request.target == "/events" else { return try connection.respond(200, body: "OK") }
            try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while true {
                try connection.writeChunk(Array("event\n".utf8))
                try connection.rest(milliseconds: 1)
            }
        }
    }

    @Test("Two hundred at once, a third of them cancelled at different moments: all others succeed and nothing stays open")
    func stress() async throws {
        let client = CurlHTTPClient()
        defer { client.shutdown() }
        for server in [try Self.mixed(on: .temporarySocket, backlog: 1), try Self.mixed(on: .loopback)] {
            let outcomes = await withTaskGroup(of: String.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        index % 3 == 0
                            ? await Self.cancelled(client, server.endpoint, after: .milliseconds(index % 40))
                            : await Self.ping(client, server.endpoint)
                    }
                }
                return await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            }
            #expect(outcomes == ["cancelled": 67, "OK": 133])
        }
    }

    private static func ping(_ client: CurlHTTPClient, _ endpoint: Endpoint) async -> String {
        do {
            return try await client.send(HTTPRequest(endpoint: endpoint, target: "/_ping")).body.text()
        } catch {
            return "\(error)"
        }
    }

    private static func cancelled(_ client: CurlHTTPClient, _ endpoint: Endpoint, after pause: Duration) async -> String {
        let reader = Task {
            let response = try await client.send(HTTPRequest(endpoint: endpoint, target: "/events"))
            for try await _ in response.body {}
        }
        try? await Task.sleep(for: pause)
        reader.cancel()
        do {
            try await reader.value
            return "ended"
        } catch is CancellationError {
            return "cancelled"
        } catch {
            return "\(error)"
        }
    }

    @Test("Twenty streams and ten requests that are never answered do not starve an ordinary one")
    func noStarvation() async throws {
        let server = try ScriptedServer { request, connection in
            if request.target == "/_ping" { return try connection.respond(200, body: "OK") }
            if request.target == "/events" { try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") }
            try connection.stall()
        }
        let client = CurlHTTPClient()
        defer { client.shutdown() }
        var streams: [HTTPResponse] = []
        for _ in 0..<20 { streams.append(try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/events"))) }
        let waiting = (0..<10).map { _ in
            Task { try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/wait", headTimeout: nil)) }
        }
        try await eventually { server.requests.count == 30 }
        let answer = try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/_ping"))
        #expect(try await answer.body.text() == "OK")
        #expect(streams.count == 20)
        for task in waiting { task.cancel() }
    }

    @Test("A socket whose server never accepts is a failed connection with the system's reason")
    func fullBacklog() async throws {
        let socket = try DeafSocket()
        defer { withExtendedLifetime(socket) {} }
        let requests = (0..<4).map { _ in
            Task {
                try await CurlHTTPClient.shared.send(
                    HTTPRequest(endpoint: socket.endpoint, target: "/", connectTimeout: .milliseconds(300), headTimeout: .seconds(1)))
            }
        }
        var errors: [TransportError] = []
        for request in requests {
            if let error = await #expect(throws: TransportError.self, performing: { try await request.value }) { errors.append(error) }
        }
        #expect(errors.contains { $0.kind == .connect && $0.errno == EAGAIN })
        #expect(errors.contains { $0.kind == .timeout })
    }

    @Test("Requests one after the other share a connection")
    func reuse() async throws {
        let server = try Self.mixed(on: .temporarySocket)
        let client = CurlHTTPClient()
        defer { client.shutdown() }
        for _ in 0..<10 { #expect(await Self.ping(client, server.endpoint) == "OK") }
        #expect(server.connectionCount == 1)
    }

    @Test("The end of the loop ends what runs, and refuses what comes later")
    func shutdown() async throws {
        let server = try ScriptedServer { _, connection in try connection.stall() }
        let client = CurlHTTPClient()
        let running = Task { try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/")) }
        try await eventually { server.requests.count == 1 }
        client.shutdown()
        await #expect(throws: CancellationError.self) { _ = try await running.value }
        let error = await #expect(throws: TransportError.self) {
            try await client.send(HTTPRequest(endpoint: server.endpoint, target: "/"))
        }
        #expect(error?.kind == .cancelled)
        client.shutdown()
    }
}
