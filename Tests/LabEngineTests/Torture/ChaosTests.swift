import TestSupport
import Testing

@testable import ContainerEngine
@testable import HTTPTransport
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// An engine whose response to one call, chosen at random, is damaged. A run must end, say why, and leave a journal that can be read.
@Suite("Torture: an engine that lies", .timeLimit(.minutes(10)))
struct ChaosTests {
    private static let task: TaskID = "1.1"

    /// What happens to a response.
    private enum Fault: CaseIterable {
        case cut, corrupt, insert, wrongLength, failure, garbage, split, endlessHead, delay, empty
    }

    /// One trial: which call is hit, and how.
    private struct Trial: Sendable {
        var call: Int
        var fault: Fault
        var seed: UInt64
    }

    /// The responses of an engine on which one container is made, started, waited for and read.
    private static func response(_ request: ScriptedRequest) -> [UInt8] {
        let path = request.target.split(separator: "?")[0].split(separator: "/").dropFirst().joined(separator: "/")
        let details = #"{"Id":"c1","Name":"/c","Image":"sha256:1","Config":{},"HostConfig":{},"State":{"Status":"exited"}}"#
        func plain(_ status: Int, _ body: String) -> [UInt8] {
            Array("HTTP/1.1 \(status) X\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
        }
        func chunked(_ body: [UInt8]) -> [UInt8] {
            Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(String(body.count, radix: 16))\r\n".utf8) + body
                + Array("\r\n0\r\n\r\n".utf8)
        }
        switch "\(request.method) \(path)" {
        case "POST containers/create": return plain(201, #"{"Id":"c1"}"#)
        case "POST containers/c1/start", "POST containers/c1/stop": return Array("HTTP/1.1 204 No Content\r\n\r\n".utf8)
        case "POST containers/c1/wait": return chunked(Array(#"{"StatusCode":0}"#.utf8))
        case "GET containers/c1/logs": return chunked([1, 0, 0, 0, 0, 0, 0, 3] + Array("hi\n".utf8))
        case "GET containers/c1/json": return plain(200, details)
        case "GET images/i/json": return plain(200, #"{"Id":"sha256:1","Config":{}}"#)
        default: return plain(404, #"{"message":"no such thing"}"#)
        }
    }

    private static func play(_ trial: Trial, _ whole: [UInt8], _ connection: ScriptedConnection) throws {
        var numbers = SplitMix(seed: trial.seed)
        let place = Int.random(in: 0..<whole.count, using: &numbers)
        var bytes = whole
        switch trial.fault {
        case .cut: bytes = Array(whole[..<place])
        case .corrupt: for _ in 0..<3 { bytes[Int.random(in: 0..<whole.count, using: &numbers)] = .random(in: 0...255, using: &numbers) }
        case .insert: bytes.insert(contentsOf: (0..<20).map { _ in UInt8.random(in: 0...255, using: &numbers) }, at: place)
        case .wrongLength:
            let length = ["-5", "0", "99999999999999999999", "9223372036854775807", "x", "3"].randomElement(using: &numbers) ?? ""
            bytes = Array("HTTP/1.1 200 OK\r\nContent-Length: \(length)\r\n\r\n".utf8) + whole.suffix(20)
        case .failure: bytes = Array("HTTP/1.1 500 Error\r\nContent-Length: 19\r\n\r\n{\"message\":\"chaos\"}".utf8)
        case .garbage: bytes = (0..<300).map { _ in UInt8.random(in: 0...255, using: &numbers) }
        case .split:
            for byte in whole { try connection.write([byte]) }
            return
        case .endlessHead: bytes = Array("HTTP/1.1 200 OK\r\n".utf8) + Array(repeating: Array("X-Y: z\r\n".utf8), count: 100_000).joined()
        case .delay:
            try connection.rest(milliseconds: 40)
            return try connection.write(whole)
        case .empty: bytes = []
        }
        try connection.write(bytes)
        throw HangUp()
    }

    @Test(.tags(.long), .needsOfTags) func everyRunEndsWithAReason() async throws {
        let (seed, first) = SplitMix.printed(for: "everyRunEndsWithAReason")
        var numbers = first
        for index in 0..<40 * Mutations.factor {
            let trial = Trial(
                call: .random(in: 0..<9, using: &numbers), fault: Fault.allCases.randomElement(using: &numbers) ?? .cut,
                seed: numbers.next())
            let calls = Counter()
            let server = try ScriptedServer { request, connection in
                _ = try connection.readBody()
                let number = calls.value
                calls.add()
                let whole = Self.response(request)
                if number == trial.call { try Self.play(trial, whole, connection) } else { try connection.write(whole) }
            }
            let docker = DockerClient(
                http: CurlHTTPClient.shared, endpoint: server.endpoint, ping: PingInfo(apiVersion: APIVersion(major: 1, minor: 41)))
            let action = LabAction.run(LabRunAction(LabContainer(image: "i", name: "c", command: ["x"])))
            let outcome = try await MiniRun(docker, [Mini.task(Self.task, action)]).perform()
            let ending = try #require(outcome.ending(Self.task), "seed \(seed), trial \(index)")
            let isSaid = ending.outcome == .succeeded || ending.error.map { $0.code != .internal } ?? false
            #expect(isSaid, "seed \(seed), trial \(index): \(trial) gave \(ending)")
            #expect(outcome.events.last?.payload == Mini.runFinished)
        }
    }
}
