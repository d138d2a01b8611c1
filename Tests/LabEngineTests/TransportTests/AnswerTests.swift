import HTTPTransport
import TestSupport
import Testing

@Suite("Transport: answers", .timeLimit(.minutes(1)))
struct TransportAnswerTests {
    @Test("An ordinary answer arrives with status, headers and body, on a unix socket and on TCP")
    func ordinary() async throws {
        for place in [ScriptedServer.Place.temporarySocket, .loopback] {
            let server = try ScriptedServer(on: place) { _, connection in
                try connection.respond(200, ["Api-Version": "1.47"], body: "OK")
            }
            let response = try await CurlHTTPClient.shared.send(HTTPRequest(endpoint: server.endpoint, target: "/_ping?a=b"))
            #expect(response.head.status == 200)
            #expect(response.head.headers["api-version"] == "1.47")
            #expect(try await response.body.text() == "OK")
            #expect(server.requests.map(\.target) == ["/_ping?a=b"])
        }
    }
}

extension HTTPBodyStream {
    func text() async throws -> String { String(decoding: try await collect(), as: UTF8.self) }
}
