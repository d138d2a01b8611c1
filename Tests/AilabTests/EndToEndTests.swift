import LabFile
import LabRunner
import LabSupport
import TestSupport
import Testing

/// The whole of Lab 5 through the real program on a real engine: what a student gets from `ailab step all --auto`.
///
/// Runs before the other tests and leaves the serving image to them.
@Suite(.tags(.engine), .needsOfTags, .serialized) struct EndToEndTests {
    private static let home = "\(Program.checkout)/.build/test-home"
    private static let settings = [
        "--set", "prefix=ailab-test-", "--set", "train_tag=ailab-test/train:latest", "--set", "serve_tag=ailab-test/torchserve:latest",
        "--set", "inference_port=28080", "--set", "management_port=28081", "--set", "metrics_port=28082",
        "--set", "trial_inference_port=28090", "--set", "trial_management_port=28091", "--set", "trial_metrics_port=28092",
        "--set", "begin_swarm=yes",
    ]

    private let program: Program

    init() throws { program = try Program(home: Self.home) }

    private func step(_ selection: String, _ more: [String] = []) async throws -> Program.Answer {
        try await program.run(["step", selection, "--auto", "--quick", "--json"] + Self.settings + more, timeout: .seconds(2400))
    }

    @Test func theWholeLabSucceedsAndItsPredictionsAreRight() async throws {
        let answer = try await step("all", ["--force"])
        #expect(answer.exitCode == 0, "\(answer.errors.suffix(20).joined(separator: "\n"))")
        let payloads = answer.events.map(\.payload)
        for case .taskFinished(let end) in payloads where end.outcome != .unavailable {
            #expect(end.error == nil, "\(end.error?.description ?? "")")
        }
        for event in answer.events {
            guard case .taskFinished(let end) = event.payload, end.outcome == .unavailable else { continue }
            #expect(event.task?.description == "5.1", "only a GPU may be missing here")
        }
        var accuracy: Double?
        for case .captured(let captured) in payloads where captured.name == "test_accuracy" { accuracy = Double(captured.value) }
        #expect(try #require(accuracy) >= 0.9)
        let predictions = payloads.compactMap { if case .prediction(let prediction) = $0 { prediction } else { nil } }
        #expect(predictions.count == 11)
        #expect(predictions.filter { !$0.right } == [])
        try measurementsAreComplete(payloads)
        let digits = predictions.filter { $0.model == "mnist" }.compactMap { $0.top.first?.label }
        #expect(digits == (0...9).map(String.init))
        #expect(predictions.first { $0.model == "imagenet" }?.top.first?.label.contains("cat") == true)
    }

    /// The tables of step 5 have all their rows. Their numbers depend on the machine. Only the exit code and the lost requests are the same everywhere.
    private func measurementsAreComplete(_ payloads: [EventPayload]) throws {
        let tables = payloads.compactMap { payload -> (String, ResultTable)? in
            guard case .fact(let fact) = payload, let table = fact.table else { return nil }
            return (fact.name, table)
        }
        let table = Dictionary(tables) { $1 }
        #expect(table["gpus.table"]?.rows.count == 3)
        #expect(table["tune.table"]?.rows.count == 6)
        #expect(table["tune.rates"]?.rows.count == 5)
        let phases = try #require(table["rollout.table"])
        #expect(phases.rows.map { $0[4].number } == [0, 0, 0, 0] && phases.rows.map { $0[5].number } == [0, 0, 0, 0], "lost and wrong")
        #expect(phases.rows.map { $0[2].text?.en } == ["1.0", "1.0", "2.0", "1.0"])
        let cluster = try #require(table["cluster.table"])
        #expect(cluster.rows.map { $0[3].number } == [0, 2, 1, 2], "new replicas")
        #expect(cluster.rows[1][2].number == 0, "a health check loses no request")
        #expect(cluster.rows[3][2].number ?? 0 > 0, "without it, some are lost: otherwise the zero above proves nothing")
        let limits = try #require(table["limits.table"])
        #expect(limits.rows.last?[6].number == 137)
        #expect(limits.rows.dropLast().allSatisfy { $0[6].number == 0 && $0[2].number ?? 0 > 0 })
    }

    @Test func aSecondRunOnlyLooks() async throws {
        let answer = try await step("all")
        #expect(answer.exitCode == 0)
        for event in answer.events {
            // What this machine can't do is tried again: it may have changed.
            if event.task?.description == "5.1" { continue }
            if case .taskStarted = event.payload { Issue.record("\(event.task?.description ?? "?") was done again") }
            if case .taskFinished(let end) = event.payload { #expect(end.outcome == .satisfied) }
        }
    }

    @Test func aSubStepOfAStoppedServerBringsBackWhatItNeeds() async throws {
        let answer = try await step("4.11", ["--force"])
        #expect(answer.exitCode == 0)
        let begun = answer.events.compactMap { event in if case .taskStarted = event.payload { event.task?.description } else { nil } }
        // The server was stopped by 4.12: it is started, and the model loaded, again; nothing is built or trained.
        #expect(begun == ["4.3", "4.10", "4.11"])
        try await loadIsCarried()
        let stop = try await step("4.12", ["--force"])
        #expect(stop.exitCode == 0)
        try await commandsGiveTheSamePredictions()
    }

    /// The run as plain commands, under other names so that nothing of this workspace is touched. The script's builds are left out and
    /// the run's images used: without ailab's layers, which Docker's client doesn't find, they take minutes.
    private func commandsGiveTheSamePredictions() async throws {
        let folder = try TemporaryDirectory()
        let written = try await program.run(["report", "--commands", "--output", "\(folder.path)/commands.sh"])
        #expect(written.exitCode == 0, "\(written.errors)")
        let text = try Files.text("\(folder.path)/commands.sh")
        #expect(text.matches(of: #/(?m)^build .* -t ailab-test/#).count == 2)
        let builds = #/(?m)^(build|docker build|docker tag) .*$/#
        let script = text.replacing("ailab-test-", with: "ailab-commands-").replacing(builds, with: ":")
        try Files.write(Array(script.utf8), to: "\(folder.path)/commands.sh")
        let cleanUp = """
            docker ps -aq --filter name=^/?ailab-commands- | xargs -r docker rm -f
            """
        _ = try Shell.run(cleanUp, in: folder.path)
        let lines = Locked<[String]>([])
        let command = ChildCommand(
            "/bin/sh", ["commands.sh"], environment: program.environment, directory: folder.path, timeout: .seconds(600))
        let result = try await ChildProcess.run(command) { line in lines.withLock { $0.append(line.text) } }
        let output = lines.withLock { $0 }
        _ = try Shell.run(cleanUp, in: folder.path)
        #expect(result.exitCode == 0, "\(output.suffix(30).joined(separator: "\n"))")
        // A model's answer is one object: names and probabilities, the most probable first.
        let answers = output.joined(separator: "\n").matches(of: #/\{\s*"([^"]+)": [0-9.e-]+[,\s]/#).map { String($0.output.1) }
        let report = try await program.run(["report", "--format", "json"])
        let value = try #require(JSONValue(Array(report.output.joined().utf8)))
        let recorded = (0..<32).flatMap { task in
            (0..<10).compactMap { value.at("/tasks/\(task)/attempts/0/predictions/\($0)/top/0/label")?.scalar }
        }
        #expect(recorded.count == 11)
        for label in recorded { #expect(answers.contains(label), "\(label) of \(answers)") }
    }

    /// The lab's own model under load: address, token, pictures and right answers come from the lab, the settings from its newest run.
    private func loadIsCarried() async throws {
        let answer = try await program.run(["load", "mnist", "-c", "2", "-d", "3s", "--json"])
        #expect(answer.exitCode == 0, "\(answer.output.last ?? "") \(answer.errors)")
        let summary = try #require(JSONValue(Array((answer.output.last ?? "").utf8)))
        #expect(summary.at("/wrong")?.scalar == "0")
        #expect(summary.at("/statuses/200")?.scalar == summary.at("/answered")?.scalar)
        #expect((summary.at("/server/requests")?.scalar).flatMap { Int($0) } ?? 0 > 10)
        #expect(!(answer.output + answer.errors).joined().contains("Bearer"))
        let sweep = try await program.run(["load", "mnist", "--sweep", "-c", "2", "-d", "1s", "--warmup", "0"])
        #expect(sweep.output.last?.contains("1 worker") == true || sweep.output.last?.contains("higher") == true, "\(sweep.output)")
    }
}
