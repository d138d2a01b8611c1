import Glibc
import HTTPTransport
import LabSupport
import Telemetry
import TestSupport
import Testing

@Suite("ailab load", .timeLimit(.minutes(2))) struct LoadCommandTests {
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func address(_ server: ScriptedServer) throws -> String {
        guard case .tcp(let host, let port, _) = server.endpoint else { throw NeverHappened() }
        return "http://\(host):\(port)/cat"
    }

    private func cat() throws -> ScriptedServer {
        try ScriptedServer(on: .loopback) { _, connection in
            try connection.rest(milliseconds: 2)
            try connection.respond(200, body: "cat")
        }
    }

    private func program(_ change: [String: String] = [:]) throws -> Program {
        try Program(home: folder.path + "/home", environment: change)
    }

    private func value(_ line: String?, _ pointer: String) -> String? { line.flatMap { JSONValue(Array($0.utf8))?.at(pointer)?.scalar } }

    @Test func aRightServerIsMeasuredAndTheResultIsJSON() async throws {
        let server = try cat()
        let answer = try await program().run(
            ["load", address(server), "-c", "2", "-d", "2s", "--warmup", "200ms", "--expect", "cat", "--json"])
        #expect(answer.exitCode == 0, "\(answer.errors)")
        #expect(answer.errors.isEmpty)
        #expect(answer.output.allSatisfy { value($0, "/schema") == "1" })
        #expect(answer.output.dropLast().allSatisfy { value($0, "/kind") == "progress" })
        let summary = answer.output.last
        #expect(value(summary, "/kind") == "summary")
        #expect(value(summary, "/statuses/200") == value(summary, "/answered"))
        #expect(value(summary, "/latency_ms/count") == value(summary, "/answered"))
        #expect(value(summary, "/wrong") == "0")
        #expect(value(summary, "/latency_from") == "sent")
        #expect(server.requests.count > Int(value(summary, "/answered") ?? "") ?? .max)
    }

    /// What is sent in one window is seen in the other while it goes on, and not after.
    @Test func topShowsALoadTestOfTheSameWorkspace() async throws {
        let server = try cat()
        try Files.makeDirectory(folder.path + "/home/runs")
        let top = try program()
        let load = Task { try await program().run(["load", address(server), "-c", "2", "-d", "60s", "--warmup", "0"]) }
        var seen: String?
        for _ in 0..<40 where seen == nil {
            seen = try await top.run(["top", "--once", "--json"]).output.first.flatMap { line in
                line.contains("\"sender\":\"load\"") ? line : nil
            }
        }
        load.cancel()
        let sample = try #require(seen.flatMap { TelemetrySample(line: $0.utf8) })
        let request = try #require(sample.requests.first { $0.sender == "load" })
        #expect(request.server == server.endpoint.shown)
        #expect(request.total.statuses.keys.sorted() == ["2xx"])
        #expect(try #require(request.latency).median >= 2)
        #expect(try #require(request.phases).wait >= 2)
        _ = await load.result
    }

    @Test func anOpenLoopNamesBothLatencies() async throws {
        let server = try cat()
        let answer = try await program().run(["load", address(server), "--rate", "50", "-d", "1", "--warmup", "0", "--plain"])
        #expect(answer.exitCode == 0, "\(answer.errors)")
        let text = answer.output.joined(separator: "\n")
        for words in ["from due", "from sent", "99.99%", "coordinated omission", "all 2xx", "50 a second"] {
            #expect(text.contains(words), "\(words)")
        }
        #expect(!text.contains("\u{1B}"))
    }

    @Test func wrongAnswersAreShownHarmlessAndFailTheTest() async throws {
        let server = try ScriptedServer(on: .loopback) { _, connection in try connection.respond(200, body: "d\u{1B}[31mog") }
        let answer = try await program(["AILAB_LANG": "zh"]).run([
            "load", address(server), "-d", "300ms", "--warmup", "0", "--expect", "cat",
        ])
        #expect(answer.exitCode == 1)
        let text = answer.output.joined(separator: "\n")
        #expect(text.contains("第一个：200 dog"))
        #expect(text.contains("闭环"))
        #expect(!text.contains("\u{1B}"))
    }

    @Test func wrongUseAndAMissingServerHaveTheirCodes() async throws {
        let server = try cat()
        let place = try address(server)
        server.stop()
        let program = try program()
        let cases: [(arguments: [String], code: Int, words: String)] = [
            ([place], 3, "No program listens"), (["http://192.0.2.1/"], 2, "isn't this machine"), (["nosuchmodel"], 2, "mnist"),
            ([place, "--rate", "5", "--concurrency", "5"], 2, "exclude"), ([place, "--duration", "11m"], 2, "10 minutes"),
            ([place, "--concurrency", "5000"], 2, "1024"), ([place, "--expect", "status=x"], 2, "status=200"),
            ([place, "--body", "/no/such/file"], 1, "/no/such/file"), ([place, "--header", "x"], 2, "Name: value"),
            ([place, "--header", "X: a\r\nY: b"], 2, "cannot be sent"),
        ]
        for (arguments, code, words) in cases {
            let answer = try await program.run(["load"] + arguments)
            #expect(answer.exitCode == code, "\(arguments): \(answer.errors)")
            #expect(answer.output.isEmpty)
            #expect(answer.errors.joined().contains(words), "\(arguments): \(answer.errors)")
        }
        #expect(server.requests.isEmpty)
    }

    @Test func aSweepShowsItsLevelsAndTheKnee() async throws {
        // One at a time: more at once cannot be faster. Long enough that a busy machine's own pauses are little beside it.
        let turn = Locked(0)
        let server = try ScriptedServer(on: .loopback) { _, connection in
            turn.withLock { _ in _ = usleep(10_000) }
            try connection.respond(200)
        }
        let answer = try await program().run(["load", address(server), "--sweep", "-c", "4", "-d", "1", "--warmup", "200ms", "--json"])
        #expect(answer.exitCode == 0, "\(answer.errors)")
        let levels = answer.output.filter { value($0, "/kind") == "level" }
        #expect(levels.map { value($0, "/concurrency") } == ["1", "2", "4"])
        #expect(value(answer.output.last, "/kind") == "sweep")
        #expect(value(answer.output.last, "/knee") == "at")
    }

    @Test(.tags(.engine), .needsOfTags) func ctrlCEndsItWithASummary() async throws {
        let server = try cat()
        try await CommandLineFixture.with("load") { lab in
            let command = try lab.start(["load", address(server), "-d", "5m", "-c", "2", "--warmup", "0"])
            try await eventually { server.requests.count > 50 }
            kill(command.pid, SIGINT)
            let outcome = try await command.outcome()
            #expect(outcome.code == 130)
            #expect(outcome.output.contains("ended early"))
            #expect(outcome.output.contains("99%"))
        }
    }

    @Test(.tags(.engine), .needsOfTags) func ctrlCEndsASweepAtAnyLevel() async throws {
        let server = try cat()
        try await CommandLineFixture.with("load") { lab in
            let command = try lab.start(["load", address(server), "--sweep", "-c", "64", "-d", "1s", "--warmup", "0", "--json"])
            try await eventually { command.output.contains("\"level\"") }
            let first = server.requests.count
            try await eventually { server.requests.count > first + 10 }
            kill(command.pid, SIGINT)
            #expect(try await command.outcome().code == 130)
        }
    }

    @Test func aFileIsSentAndTheTokenIsNotShown() async throws {
        let file = try folder.write(#"{"a": 1}"#, to: "body.json")
        let server = try ScriptedServer(on: .loopback) { request, connection in
            let body = try connection.readBody()
            let isRight = request.headers["Authorization"] == "Bearer secret-1" && request.headers["Content-Type"] == "application/json"
            try connection.respond(isRight && request.method == "POST" ? 200 : 400, body: String(decoding: body, as: UTF8.self))
        }
        let answer = try await program().run([
            "load", address(server), "-d", "300ms", "--warmup", "0", "--body", file, "--header", "Authorization: Bearer secret-1",
            "--expect",
            "/a=1",
        ])
        #expect(answer.exitCode == 0, "\(answer.output)")
        #expect(!(answer.output + answer.errors).joined().contains("secret-1"))
    }
}
