import Foundation
import LabSupport
import TestSupport
import Testing

/// Questions, hints, terms and settings line by line, in a real terminal and without an engine.
@Suite struct LearningTests {
    private static let lab = "\(Program.checkout)/labs/lab5.yaml"

    private static func with(_ flags: [String], _ body: (TerminalSession) async throws -> Void, home: String) async throws {
        let environment = [
            "AILAB_HOME": home, "HOME": home, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb",
            "DOCKER_HOST": "unix:///nonexistent/docker.sock",
        ]
        let command = ChildCommand(Program.path, ["walk", "--lab", lab] + flags, environment: environment, timeout: nil)
        let session = try TerminalSession(command)
        try await body(session)
        session.type("q\n")
        #expect(try await exitCode(of: session.pid) == 0)
    }

    @Test func aQuestionIsAnsweredAndCompared() async throws {
        let home = try TemporaryDirectory()
        try await Self.with(
            ["--linear"],
            { session in
                try await session.shows("1.1> ")
                session.type("5.5\n\n")
                try await session.shows("A number answers")
                session.type("2\n")
                try await session.shows("You expected: Not necessarily")
                try await session.shows("It is: Not necessarily, as you expected")
            }, home: home.path)
        let events = try Files.text(home.path + "/events/lab5.jsonl")
        #expect(events.split(separator: "\n").count { $0.contains("questionAnswered") } == 1, "who goes on answers nothing: \(events)")
        let report = try await Program(home: home.path).run(["report", "--lab", Self.lab])
        #expect(report.output.contains { $0.contains("You expected: Not necessarily") }, "\(report.output)")
    }

    /// A person at a terminal is asked before the run, unless it's unattended. Nobody else is.
    @Test(arguments: [[], ["--plain"], ["--auto"], ["--json"]]) func aStepAsksOnlyAPerson(flags: [String]) async throws {
        let home = try TemporaryDirectory()
        let environment = [
            "AILAB_HOME": home.path, "HOME": home.path, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb",
            "DOCKER_HOST": "unix:///nonexistent/docker.sock",
        ]
        let arguments = ["step", "5.5", "--lab", Self.lab] + flags
        let session = try TerminalSession(ChildCommand(Program.path, arguments, environment: environment, timeout: nil))
        let isAsked = flags.isEmpty || flags == ["--plain"]
        if isAsked {
            try await session.shows("s for no more questions: ")
            session.type("2\n")
            try await session.shows("as you expected")
        }
        #expect(try await exitCode(of: session.pid) == 0)
        #expect(session.text.contains("classify pictures now") == isAsked)
        if isAsked { return }
        let piped = try await Program(home: home.path).run(["step", "5.5", "--lab", Self.lab])
        #expect(piped.exitCode == 0 && !piped.output.contains { $0.contains("classify pictures now") }, "\(piped.output)")
    }

    @Test func hintsAndTermsAndProofsAreTold() async throws {
        let home = try TemporaryDirectory()
        try await Self.with(
            ["--linear"],
            { session in
                try await session.shows("1.1> ")
                session.type("3.3\nhint\n")
                try await session.shows("Hints 1/4 (a question):")
                session.type("?p99\n")
                try await session.shows("99th percentile")
                session.type("?nonsense\n")
                try await session.shows("doesn't explain “nonsense”")
                session.type("proved\n")
                try await session.shows("(not shown yet)")
            }, home: home.path)
    }

    @Test func settingsStayAndACommandLineOverridesThem() async throws {
        let home = try TemporaryDirectory()
        try await Self.with(
            ["--linear"],
            { session in
                try await session.shows("1.1> ")
                session.type("set epoch 3\n")
                try await session.shows("did you mean `epochs`?")
                session.type("set epochs 0\n")
                try await session.shows("Epochs can't be 0")
                session.type("set epochs 3\n")
                try await session.shows("Settings saved.")
                session.type("set language zh\nset training quick\n")
                try await session.shows("--quick --set epochs=3")
            }, home: home.path)
        try await Self.with(
            ["--linear"],
            { session in
                try await session.shows("1.1> ")
                session.type("settings\n")
                try await session.shows("epochs：3")
                try await session.shows("training：quick")
            }, home: home.path)
        let program = try Program(home: home.path, environment: ["AILAB_LANG": "en", "DOCKER_HOST": "unix:///nonexistent/docker.sock"])
        let step = try await program.run(["step", "1.1", "--auto", "--lab", Self.lab])
        #expect(step.exitCode == 0 && step.errors.contains { $0.contains("--quick --set epochs=3") }, "\(step)")
        let other = try await program.run(["step", "1.1", "--auto", "--force", "--no-quick", "--epochs", "4", "--lab", Self.lab])
        #expect(other.exitCode == 0, "\(other)")
        let request = try Files.text(home.path + "/runs/2/request.json")
        #expect(request.contains(#""epochs":"4""#) && request.contains(#""quick":false"#), "\(request)")
    }
}
