import ContainerEngine
import HTTPTransport
import LabSupport
import TestSupport
import Testing

@Suite("Docker: streams")
struct DockerStreamTests {
    private static func frame(_ channel: UInt8, _ text: String) -> [UInt8] {
        let length = UInt32(text.utf8.count)
        return [channel, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) } + Array(text.utf8)
    }

    private static let sample = frame(1, "one\n") + frame(1, "") + frame(1, "two\n") + frame(2, "err\n") + frame(1, "three")

    private static func read(_ pieces: [[UInt8]]) throws -> [OutputChunk] {
        var demultiplexer = Demultiplexer()
        let chunks = try pieces.flatMap { try demultiplexer.feed($0) }
        try demultiplexer.finish()
        return chunks
    }

    private static func joined(_ chunks: [OutputChunk], _ channel: OutputChannel) -> String {
        String(decoding: chunks.filter { $0.channel == channel }.flatMap(\.bytes), as: UTF8.self)
    }

    @Test("Neighbouring frames of one channel leave together, the order of the channels stays")
    func whole() throws {
        #expect(
            try Self.read([Self.sample]) == [
                OutputChunk(.stdout, Array("one\ntwo\n".utf8)), OutputChunk(.stderr, Array("err\n".utf8)),
                OutputChunk(.stdout, Array("three".utf8)),
            ])
    }

    @Test("However the bytes are cut, the channels get the same", arguments: 1...30)
    func cut(size: Int) throws {
        let pieces = stride(from: 0, to: Self.sample.count, by: size).map { Array(Self.sample[$0..<min($0 + size, Self.sample.count)]) }
        let chunks = try Self.read(pieces)
        #expect(Self.joined(chunks, .stdout) == "one\ntwo\nthree")
        #expect(Self.joined(chunks, .stderr) == "err\n")
    }

    @Test("Bytes that are no frame are an error, as is an end in the middle of one")
    func corrupt() {
        #expect(throws: DockerProtocolError.self) { try Self.read([Array("plain text, no frame".utf8)]) }
        #expect(throws: DockerProtocolError.self) { try Self.read([[1, 0, 0]]) }
        #expect(throws: DockerProtocolError.self) { try Self.read([Array(Self.sample.dropLast())]) }
        #expect(throws: DockerProtocolError("output stream", "it broke")) { try Self.read([Self.frame(3, "it broke")]) }
    }

    private static func body(_ text: String, size: Int) -> HTTPBodyStream {
        let bytes = Array(text.utf8)
        let offset = Locked(0)
        return HTTPBodyStream {
            offset.withLock { start in
                guard start < bytes.count else { return nil }
                defer { start += size }
                return Array(bytes[start..<min(start + size, bytes.count)])
            }
        }
    }

    private struct Number: Decodable, Sendable, Equatable { var n: Int }

    @Test("JSON lines survive any cut, blank lines, carriage returns and a missing end", arguments: [1, 2, 3, 7, 1000])
    func jsonLines(size: Int) async throws {
        var values: [Number] = []
        for try await value in JSONLines<Number>(Self.body("{\"n\":1}\r\n\n{\"n\":2}\nnot json\n{\"n\":3}", size: size)) {
            values.append(value)
        }
        #expect(values == [Number(n: 1), Number(n: 2), Number(n: 3)])
    }

    @Test("An answer that is no success is an error with status, message and what was asked")
    func refusal() async throws {
        let server = try ScriptedServer { request, connection in
            if request.target == "/_ping" {
                try connection.respond(200, ["Api-Version": "1.52", "Server": "Docker/29.0.1 (linux)"], body: "OK")
            } else {
                try connection.respond(404, ["Content-Type": "application/json"], body: "{\"message\":\"No such container: x\"}\n")
            }
        }
        let docker = try await DockerClient.connect(http: CurlHTTPClient.shared, endpoint: server.endpoint)
        #expect(docker.version.description == "1.52")
        #expect(docker.ping.engineVersion == "29.0.1")
        let error = await #expect(throws: DockerError.self) { try await docker.inspectContainer("x") }
        #expect(error?.status == 404)
        #expect(error?.message == "No such container: x")
        #expect(server.requests.last?.target == "/v1.52/containers/x/json")
    }

    @Test("An error inside a pull's stream of status 200 is thrown, after the events before it")
    func pullError() async throws {
        let server = try ScriptedServer { request, connection in
            let lines = [
                #"{"status":"Pulling from library/alpine","id":"latest"}"#,
                #"{"status":"Downloading","progressDetail":{"current":10,"total":100},"progress":"[>]","id":"4abcf2066143"}"#,
                #"{"status":"Download complete","progressDetail":{},"id":"4abcf2066143"}"#,
                #"{"errorDetail":{"message":"unexpected EOF"},"error":"unexpected EOF"}"#,
            ]
            try connection.respond(200, ["Api-Version": "1.41"], body: request.target == "/_ping" ? "OK" : lines.joined(separator: "\r\n"))
        }
        let docker = try await DockerClient.connect(http: CurlHTTPClient.shared, endpoint: server.endpoint)
        var events: [PullEvent] = []
        var progress = PullProgress()
        let stream = try await docker.pullImage("alpine")
        let error = await #expect(throws: DockerError.self) {
            for try await event in stream {
                events.append(event)
                progress.take(event)
            }
        }
        #expect(error == DockerError(operation: .pull("alpine:latest"), message: "unexpected EOF"))
        #expect(events.first == .message("latest: Pulling from library/alpine"))
        #expect(events.count == 3)
        #expect((progress.downloaded, progress.total) == (100, 100))
        #expect(server.requests.last?.target == "/v1.41/images/create?fromImage=alpine&tag=latest")
    }
}
