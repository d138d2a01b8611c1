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
        for case .taskFinished(let end) in payloads { #expect(end.error == nil, "\(end.error?.description ?? "")") }
        var accuracy: Double?
        for case .captured(let captured) in payloads where captured.name == "test_accuracy" { accuracy = Double(captured.value) }
        #expect(try #require(accuracy) >= 0.9)
        let predictions = payloads.compactMap { if case .prediction(let prediction) = $0 { prediction } else { nil } }
        #expect(predictions.count == 11)
        #expect(predictions.filter { !$0.right } == [])
        let digits = predictions.filter { $0.model == "mnist" }.compactMap { $0.top.first?.label }
        #expect(digits == (0...9).map(String.init))
        #expect(predictions.first { $0.model == "imagenet" }?.top.first?.label.contains("cat") == true)
    }

    @Test func aSecondRunOnlyLooks() async throws {
        let answer = try await step("all")
        #expect(answer.exitCode == 0)
        for event in answer.events {
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
