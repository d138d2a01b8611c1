import TestSupport
import Testing

@testable import ContainerEngine
@testable import HTTPTransport
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

@Suite("Runner, real engine: checks", .tags(.engine), .needsOfTags, .timeLimit(.minutes(3)))
struct CheckRealTests {
    private let captured = Locked<[String: String]>([:])

    private func evaluate(_ mini: MiniRun, _ subject: LabCheckSubject, transcript: String? = nil, advice: Text? = nil) async throws
        -> CheckResult
    {
        let context = try mini.context(run: 1, journal: .discarding())
        let evaluator = CheckEvaluator(run: context, transcript: transcript) { [captured] payload in
            if case .captured(let value) = payload { captured.withLock { $0[value.name] = value.value } }
        }
        return await evaluator.evaluate(LabCheck(subject: subject, advice: advice))
    }

    private func with(_ name: String, _ body: (RealEngine, MiniRun) async throws -> Void) async throws {
        try await RealEngine.with(name) { engine in try await body(engine, try MiniRun(engine.docker, [])) }
    }

    @Test func anImageOrTheOneThatWasProbablyMeant() async throws {
        try await with("image") { engine, mini in
            let name = try await engine.image()
            #expect(try await evaluate(mini, .image(reference: name)).standing == .passed)
            let wrong = try await evaluate(mini, .image(reference: name.replacing("-", with: "_")), advice: Text(verbatim: "do it"))
            #expect(wrong.standing == .failed)
            #expect(wrong.nearest?.en == "there is `\(name)`")
            #expect(wrong.advice == Text(verbatim: "do it"))
            let far = try await evaluate(mini, .image(reference: "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq:none"))
            #expect(far.standing == .failed)
            #expect(far.nearest == nil)
        }
    }

    @Test func aContainersStateAndExitCode() async throws {
        try await with("state") { engine, mini in
            let id = try await engine.container(["/bin/sh", "-c", "exit 3"])
            let name = try await engine.docker.inspectContainer(id).name
            try await engine.docker.startContainer(id)
            _ = try await engine.docker.wait(id)
            let check = { (state: LabContainerState, code: Int?) in
                try await evaluate(mini, .container(name: name, state: state, exitCode: code)).standing
            }
            #expect(try await check(.exited, nil) == .passed)
            #expect(try await check(.exited, 3) == .passed)
            #expect(try await check(.exited, 0) == .failed)
            #expect(try await check(.running, nil) == .failed)
            let missing = try await evaluate(mini, .container(name: "\(name)x", state: .exited, exitCode: nil))
            #expect(missing.nearest?.en == "there is `\(name)`")
            #expect(try await evaluate(mini, .absent(container: name)).standing == .failed)
            #expect(try await evaluate(mini, .absent(container: "\(name)x")).standing == .passed)
        }
    }

    @Test func whatAContainerSaidWithACapturedNumber() async throws {
        try await with("logs") { engine, mini in
            let id = try await engine.container(["/bin/sh", "-c", "echo accuracy 0.5; echo accuracy 0.97; echo done; echo warned >&2"])
            try await engine.docker.startContainer(id)
            _ = try await engine.docker.wait(id)
            let check = { (pattern: String, least: String?) in
                try await evaluate(mini, .logs(container: id, match: LabMatch(pattern: pattern, capture: "accuracy", atLeast: least)))
            }
            // The last one counts.
            #expect(try await check("^accuracy ([0-9.]+)$", "0.9").standing == .passed)
            #expect(captured.withLock { $0 } == ["accuracy": "0.97"])
            let low = try await check("accuracy ([0-9.]+)", "0.98")
            #expect(low.standing == .failed)
            #expect(low.found.en == "accuracy 0.97")
            #expect(try await check("(done)", "0.1").standing == .failed)
            #expect(try await check("^warned$", nil).standing == .passed)
            #expect(try await check("precision", nil).standing == .failed)
            let gone = try await evaluate(mini, .logs(container: "\(engine.id)-none", match: LabMatch(pattern: "x")))
            #expect(gone.found.en.contains("no container"))
        }
    }

    @Test func aFileInsideAContainer() async throws {
        try await with("inside") { engine, mini in
            let id = try await engine.container(["/bin/sh", "-c", "echo 12345 > /made"])
            try await engine.docker.startContainer(id)
            _ = try await engine.docker.wait(id)
            let check = { (path: String, bytes: Int) in
                try await evaluate(mini, .inside(container: id, path: path, minimumBytes: bytes)).standing
            }
            #expect(try await check("/made", 6) == .passed)
            #expect(try await check("/made", 7) == .failed)
            #expect(try await check("/not/made", 0) == .failed)
        }
    }

    @Test func filesOfTheWorkspace() async throws {
        try await with("file") { _, mini in
            let folder = mini.workspace.files(lab: "mini")
            try Files.makeDirectory("\(folder)/out")
            try Files.write(Array("hello".utf8), to: "\(folder)/out/model.pt")
            let sum = SHA256.hex(of: "hello".utf8)
            let check = { (path: String, bytes: Int, sum: String?) in
                try await evaluate(mini, .file(path: path, minimumBytes: bytes, sha256: sum))
            }
            #expect(try await check("out/model.pt", 5, nil).standing == .passed)
            #expect(try await check("out/model.pt", 6, nil).found.en == "only 5 B")
            #expect(try await check("out/model.pt", 0, sum.uppercased()).standing == .passed)
            #expect(try await check("out/model.pt", 0, String(repeating: "0", count: 64)).standing == .failed)
            let near = try await check("out/Model.pt", 0, nil)
            #expect(near.standing == .failed)
            #expect(near.nearest?.en == "there is `model.pt`")
        }
    }

    @Test func valuesInJSONFiles() async throws {
        try await with("json") { _, mini in
            let folder = mini.workspace.files(lab: "mini")
            try Files.makeDirectory(folder)
            try Files.write(Array(#"{"accuracy":0.9918,"name":"a\u001b[31mb","list":[1]}"#.utf8), to: "\(folder)/m.json")
            let check = { (pointer: String, least: String?, file: String) in
                try await evaluate(
                    mini, .json(path: file, pointer: pointer, match: LabMatch(pattern: "(.+)", capture: "v", atLeast: least)))
            }
            #expect(try await check("/accuracy", "0.99", "m.json").standing == .passed)
            #expect(captured.withLock { $0["v"] } == "0.9918")
            #expect(try await check("/accuracy", "0.995", "m.json").standing == .failed)
            #expect(try await check("/name", nil, "m.json").found == Text(verbatim: "ab"))
            #expect(try await check("/list", nil, "m.json").found.en == "no value there")
            #expect(try await check("/accuracy", nil, "none.json").standing == .failed)
        }
    }

    @Test func whatTheTaskPrintedIsThereRightAfterIt() async throws {
        try await with("output") { _, mini in
            let match = LabMatch(pattern: "total (\\d+)", capture: "total", atLeast: "10")
            var standings: [CheckResult.Standing] = []
            for transcript in ["total 3\ntotal 12\n", "total 3\n", nil] {
                standings.append(try await evaluate(mini, .output(match: match), transcript: transcript).standing)
            }
            #expect(standings == [.passed, .failed, .failed])
        }
    }

    @Test func anAddressThatAnswersAndOneThatDoesNot() async throws {
        let server = try ScriptedServer(on: .loopback) { request, connection in
            try connection.respond(request.target == "/ok" ? 200 : 503, body: #"{"status":"Healthy"}"#)
        }
        guard case .tcp(let host, let port, _) = server.endpoint else { return }
        let address = "http://\(host):\(port)"
        try await with("http") { _, mini in
            let check = { (path: String, value: String?) in
                try await evaluate(
                    mini, .http(LabHTTPCheck(url: address + path, status: 200, pointer: value == nil ? nil : "/status", equals: value)))
            }
            #expect(try await check("/ok", nil).standing == .passed)
            #expect(try await check("/ok", "Healthy").standing == .passed)
            #expect(try await check("/ok", "Sick").standing == .failed)
            #expect(try await check("/other", nil).found.en.hasPrefix("503") == true)
            server.stop()
            let silent = try await check("/ok", nil)
            #expect(silent.standing == .failed)
            #expect(silent.found.en.hasPrefix("no response") == true)
        }
    }
}
