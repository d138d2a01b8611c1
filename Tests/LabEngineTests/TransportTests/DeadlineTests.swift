import HTTPTransport
import TestSupport
import Testing

@Suite("Transport: deadlines", .timeLimit(.minutes(1)))
struct TransportDeadlineTests {
    private let client = CurlHTTPClient.shared
    private static let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"

    private func expectTimeout(_ server: ScriptedServer, _ change: (inout HTTPRequest) -> Void) async throws {
        var request = HTTPRequest(endpoint: server.endpoint, target: "/", headTimeout: nil)
        change(&request)
        let error = await #expect(throws: TransportError.self) {
            _ = try await client.send(request).body.collect()
        }
        #expect(error?.kind == .timeout)
        try await eventually { server.openConnectionCount == 0 }
    }

    @Test("A server that does not answer meets the head's limit")
    func head() async throws {
        let server = try ScriptedServer { _, connection in try connection.stall() }
        try await expectTimeout(server) { $0.headTimeout = .milliseconds(100) }
    }

    @Test("A body that falls silent meets the idle limit")
    func idle() async throws {
        let server = try ScriptedServer { _, connection in
            try connection.write(Self.head + "beginning")
            try connection.stall()
        }
        try await expectTimeout(server) { $0.idleTimeout = .milliseconds(100) }
    }

    @Test("A body that trickles meets the total limit")
    func total() async throws {
        let server = try ScriptedServer { _, connection in
            try connection.write(Self.head)
            while true {
                try connection.write("x")
                try connection.rest(milliseconds: 10)
            }
        }
        try await expectTimeout(server) {
            $0.totalTimeout = .milliseconds(200)
            $0.idleTimeout = .seconds(10)
        }
    }

    @Test("The head's limit does not count once the head is there, and a POST without body is not an idle upload")
    func headLimitEnds() async throws {
        let server = try ScriptedServer { request, connection in
            if request.method == "POST" { try connection.rest(milliseconds: 300) }
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n")
            try connection.rest(milliseconds: 3300)
            try connection.write("late")
        }
        var request = HTTPRequest(endpoint: server.endpoint, target: "/", headTimeout: .seconds(3))
        #expect(try await client.send(request).body.text() == "late")
        request.method = "POST"
        request.headTimeout = nil
        request.idleTimeout = .seconds(20)
        #expect(try await client.send(request).body.text() == "late")
    }

    @Test("Time that a slow reader keeps the transfer paused is not silence")
    func pausedTime() async throws {
        let size = 4 << 20
        let server = try ScriptedServer { _, connection in
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
            try connection.write([UInt8](repeating: 1, count: size))
        }
        let request = HTTPRequest(endpoint: server.endpoint, target: "/", idleTimeout: .seconds(2))
        let response = try await client.send(request)
        try await Task.sleep(for: .milliseconds(2500))
        var received = 0
        for try await piece in response.body { received += piece.count }
        #expect(received == size)
    }
}
