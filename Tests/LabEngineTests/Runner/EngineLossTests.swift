import Diagnosis
import TestSupport
import Testing

@testable import ContainerEngine
@testable import HTTPTransport
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// An engine that goes away or falls silent at a moment of the test's choice: a real one will not do that on demand.
@Suite("Runner: an engine that goes away", .timeLimit(.minutes(2)))
struct EngineLossTests {
    private let task: TaskID = "1.1"

    /// Answers like an engine on which one container is made, started, waited for and read; `fault` may do otherwise.
    private func engine(_ fault: @escaping @Sendable (String, ScriptedConnection) throws -> Bool) throws -> ScriptedServer {
        try ScriptedServer { request, connection in
            _ = try connection.readBody()
            let call =
                "\(request.method) \(request.target.split(separator: "?")[0].split(separator: "/").dropFirst().joined(separator: "/"))"
            if try fault(call, connection) { return }
            switch call {
            case "POST containers/create": try connection.respond(201, body: #"{"Id":"c1"}"#)
            case "POST containers/c1/start", "POST containers/c1/stop": try connection.respond(204)
            case "GET containers/c1/json": try connection.respond(200, body: Self.details("running"))
            case "POST containers/c1/wait": try Self.chunked(connection, #"{"StatusCode":0}"#)
            case "GET containers/c1/logs": try Self.chunked(connection, "\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{3}hi\n")
            case "GET images/i/json": try connection.respond(200, body: #"{"Id":"sha256:1","Config":{}}"#)
            default: try connection.respond(404, body: #"{"message":"no such thing"}"#)
            }
        }
    }

    private static func details(_ status: String) -> String {
        #"{"Id":"c1","Name":"/c","Image":"sha256:1","Config":{},"HostConfig":{},"State":{"Status":"\#(status)"}}"#
    }

    @Test("An engine that only says that it started a container isn't waited for")
    func aStartThatStartsNothingIsAnError() async throws {
        let server = try engine { call, connection in
            switch call {
            case "GET containers/c1/json": try connection.respond(200, body: Self.details("created"))
            case "POST containers/c1/wait": try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            case "GET containers/c1/logs": try connection.stall()
            default: return false
            }
            return true
        }
        let error = try #require(try await mini(server).perform().ending(task)?.error)
        #expect(error.code == .containerNeverStarted)
    }

    private static func chunked(_ connection: ScriptedConnection, _ text: String) throws {
        try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        if !text.isEmpty { try connection.writeChunk(Array(text.utf8)) }
        try connection.writeChunk([])
    }

    private func mini(
        _ server: ScriptedServer, checks: [LabCheckSubject] = [], needs: Bool = false, returnTimeout: Duration = .zero
    ) throws -> MiniRun {
        let docker = DockerClient(
            http: CurlHTTPClient.shared, endpoint: server.endpoint, ping: PingInfo(apiVersion: APIVersion(major: 1, minor: 41)))
        let action = LabAction.run(LabRunAction(LabContainer(image: "i", name: "c", command: ["x"])))
        let spec = Mini.spec([Mini.task(task, action, checks: checks), Mini.task("1.2", needs: [task])])
        return try MiniRun(RunEngine(docker, returnTimeout: returnTimeout), spec)
    }

    @Test func anEngineThatStaysIsNoFailure() async throws {
        let server = try engine { _, _ in false }
        let outcome = try await mini(server).perform()
        #expect(outcome.ending(task)?.outcome == .succeeded)
        #expect(outcome.output(task) == "hi\n")
    }

    @Test(arguments: [
        "GET containers/c/json", "POST containers/create", "POST containers/c1/wait", "POST containers/c1/start", "GET containers/c1/logs",
    ])
    func aConnectionThatBreaksEndsTheTask(call: String) async throws {
        let server = try engine { seen, _ in
            if seen.hasSuffix(call) || seen == call { throw HangUp() }
            return false
        }
        let outcome = try await mini(server).perform()
        let error = try #require(outcome.ending(task)?.error)
        #expect(error.code == .engineLost)
        #expect(error.exitStatus == 3)
        #expect(error.hint != nil)
        #expect(outcome.ending("1.2")?.outcome == .blocked)
    }

    @Test func aStreamThatBreaksInTheMiddleEndsTheTask() async throws {
        let server = try engine { call, connection in
            guard call == "GET containers/c1/logs" else { return false }
            try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            try connection.writeChunk([1, 0, 0, 0, 0, 0, 0, 9] + Array("hal".utf8))
            throw HangUp()
        }
        let outcome = try await mini(server).perform()
        #expect(outcome.ending(task)?.error?.code == .engineLost)
        #expect(outcome.output(task) == "hal")
    }

    @Test func anEngineThatShutsDownInGoodOrderIsLostToo() async throws {
        let server = try engine { call, connection in
            guard call == "POST containers/c1/wait" else { return false }
            try Self.chunked(connection, "")
            return true
        }
        #expect(try await mini(server).perform().ending(task)?.error?.code == .engineLost)
    }

    @Test func anEngineThatIsGoneWhenTheChecksLookIsNoFailedCheck() async throws {
        let server = try engine { call, _ in
            if call == "GET containers/checked/json" { throw HangUp() }
            return false
        }
        let outcome = try await mini(server, checks: [.container(name: "checked", state: .exited, exitCode: 0)]).perform()
        #expect(outcome.ending(task)?.outcome == .failed)
        #expect(outcome.ending(task)?.error?.code == .engineLost)
        #expect(outcome.checks(task).map(\.standing) == [.failed])
    }

    @Test(
        "A call whose connection breaks once is made again",
        arguments: [
            "GET containers/c/json", "POST containers/create", "POST containers/c1/wait", "POST containers/c1/start",
            "GET containers/c1/logs",
        ])
    func aConnectionThatBreaksOnce(call: String) async throws {
        let broken = Counter()
        let server = try engine { seen, connection in
            if seen == "GET " { try connection.respond(200, body: "OK") }
            if seen.hasSuffix(call) || seen == call, broken.value == 0 {
                broken.add()
                // libcurl itself repeats a call if no complete line of the response has come.
                try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
                throw HangUp()
            }
            return seen == "GET "
        }
        let outcome = try await mini(server, returnTimeout: .seconds(60)).perform()
        #expect(outcome.ending(task)?.outcome == .succeeded)
        #expect(outcome.output(task) == "hi\n")
        #expect(notices(outcome).contains("engine.repeated"))
    }

    @Test("A call whose connection breaks in the same way again isn't made a third time") func aConnectionThatAlwaysBreaks() async throws {
        let broken = Counter()
        let server = try engine { seen, connection in
            if seen == "GET " { try connection.respond(200, body: "OK") }
            if seen == "POST containers/create" {
                broken.add()
                try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
                throw HangUp()
            }
            return seen == "GET "
        }
        let outcome = try await mini(server, returnTimeout: .seconds(60)).perform()
        #expect(outcome.ending(task)?.outcome == .failed)
        #expect(notices(outcome).filter { $0 == "engine.repeated" }.count == 1)
        #expect(broken.value == 2)
    }

    private func notices(_ outcome: MiniRun.Outcome) -> [String] {
        outcome.events.compactMap { if case .notice(let notice) = $0.payload { notice.code } else { nil } }
    }

    @Test("An engine that is away for a while is waited for, and told") func anEngineThatReturns() async throws {
        let asked = Counter()
        let server = try engine { seen, connection in
            guard seen == "GET " || seen == "POST containers/create" else { return false }
            guard seen == "GET " else {
                guard asked.value == 0 else { return false }
                throw HangUp()
            }
            asked.add()
            if asked.value < 3 { throw HangUp() }
            try connection.respond(200, body: "OK")
            return true
        }
        let outcome = try await mini(server, returnTimeout: .seconds(60)).perform()
        #expect(outcome.ending(task)?.outcome == .succeeded)
        #expect(notices(outcome).filter { $0.hasPrefix("engine.") } == ["engine.away", "engine.back"])
        #expect(outcome.payloads(task).contains { if case .progress(let progress) = $0 { progress.total == 60 } else { false } })
    }

    @Test("An engine that stays away is lost, with the cure, and no other cause is named") func anEngineThatStaysAway() async throws {
        let server = try engine { seen, _ in
            if seen == "GET " || seen == "POST containers/create" { throw HangUp() }
            return false
        }
        let outcome = try await mini(server, returnTimeout: .seconds(1)).perform()
        let error = try #require(outcome.ending(task)?.error)
        #expect(error.code == .engineLost)
        #expect(error.hint?.en.contains("ailab step 1.1") == true)
        let findings = outcome.payloads(task).compactMap { if case .finding(let finding) = $0 { finding.cause } else { nil } }
        #expect(findings == ["engine-lost"])
    }

    @Test("A run that waits for its engine is cancelled at once") func cancellingAWait() async throws {
        let server = try engine { seen, _ in
            if seen == "GET " || seen == "POST containers/create" { throw HangUp() }
            return false
        }
        let outcome = try await mini(server, returnTimeout: .seconds(600)).perform { folder, cancel in
            try await eventually { JournalReader.events(of: folder).contains { $0.payload.type == "progress" } }
            cancel()
        }
        #expect(outcome.endings.map(\.outcome) == [.cancelled, .cancelled])
    }

    @Test(arguments: ["POST containers/create", "POST containers/c1/wait", "GET containers/c1/logs"])
    func cancellingGetsThroughToAnEngineThatHangs(call: String) async throws {
        let server = try engine { seen, connection in
            if seen == call { try connection.stall() }
            return false
        }
        let outcome = try await mini(server).perform { _, cancel in
            try await eventually { server.requests.contains { $0.target.contains(call.split(separator: " ")[1]) } }
            cancel()
        }
        #expect(outcome.endings.map(\.outcome) == [.cancelled, .cancelled])
    }

    @Test func cancellingBeforeTheFirstTaskBeginsNothing() async throws {
        let server = try engine { _, _ in false }
        let outcome = try await mini(server).perform { _, cancel in cancel() }
        #expect(outcome.endings.count == 2)
        #expect(outcome.endings.allSatisfy { $0.outcome == .cancelled || $0.outcome == .succeeded })
    }

    @Test(.tags(.root), .needsOfTags) func aDiskThatFillsUpInTheMiddleStopsTheRun() async throws {
        let disk = try SmallDisk(kilobytes: 512)
        let began = Gate()
        let server = try engine { call, connection in
            guard call == "GET containers/c1/logs" else { return false }
            began.wait()
            try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            let size = 300 << 10
            try connection.writeChunk([1, 0, 0, 0] + (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) })
            try connection.writeChunk([UInt8](repeating: 65, count: size))
            // The container goes on and says no more.
            try connection.stall()
            return true
        }
        let base = try mini(server)
        let workspace = try Workspace(root: disk.path)
        let folder = try workspace.makeRun()
        let journal = try JournalWriter(folder)
        journal.append(Mini.started(run: folder.number))
        let context = try RunContext(
            filling: base.spec, engine: base.engine, http: CurlHTTPClient.shared, workspace: workspace, run: folder.number,
            options: base.options, device: "cpu", environment: [:], journal: journal)
        let work = Task { await Runner(context, progress: LabProgress()).perform([task, "1.2"]) }
        try await eventually { server.requests.contains { $0.target.contains("/logs") } }
        try disk.fill()
        began.open()
        let endings = await work.value
        #expect(endings.map(\.outcome) == [.cancelled, .cancelled])
        #expect(journal.failure?.code == .diskFull)
        journal.append(Mini.runFinished)
        let events = JournalReader.events(of: folder)
        #expect(events.last?.payload == Mini.runFinished)
        #expect(events.contains { if case .taskFinished(let end) = $0.payload { end.outcome == .cancelled } else { false } })
        // The container was asked to stop.
        #expect(server.requests.contains { $0.target.contains("/stop") })
    }
}
