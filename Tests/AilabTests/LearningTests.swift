import Foundation
import LabSupport
import TestSupport
import Testing

/// Questions, hints, terms and settings line by line, in a real terminal and without an engine.
@Suite struct LearningTests {
    private static let lab = "\(Program.checkout)/labs/lab5.yaml"

    /// A lab with a question that needs no engine.
    private static let asking = """
        schema: 1
        id: asking
        title: {en: Questions, zh: 提问}
        summary: {en: One question., zh: 一个问题。}
        steps:
          - number: 1
            title: {en: Think, zh: 思考}
            tasks:
              - id: 1.1
                title: {en: Read, zh: 阅读}
                text: {en: Read this., zh: 请阅读。}
                action: {read: true}
                expected: 1
                question:
                  text: {en: Is a server that answers a ping ready?, zh: 能响应 ping 的服务器就绪了吗？}
                  choices:
                    - {text: {en: "Yes", zh: 是}}
                    - {text: {en: Not necessarily, zh: 不一定}, right: true}
                  because: {en: A worker may still load., zh: worker 可能还在加载。}

        """

    /// Writes the lab, and the folder that it needs.
    private static func askingLab(_ home: TemporaryDirectory) throws -> String {
        try Files.makeDirectory("\(home.path)/labs/asking")
        return try home.write(asking, to: "labs/asking.yaml")
    }

    private static func with(
        _ flags: [String], lab: String = lab, _ body: (TerminalSession) async throws -> Void, home: String
    ) async throws {
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
        let lab = try Self.askingLab(home)
        try await Self.with(
            ["--linear"], lab: lab,
            { session in
                try await session.shows("1.1> ")
                session.type("\n")
                try await session.shows("Type the number of your answer")
                session.type("2\n")
                try await session.shows("You expected: Not necessarily")
                try await session.shows("It is: Not necessarily, as you expected")
            }, home: home.path)
        let events = try Files.text(home.path + "/events/asking.jsonl")
        #expect(events.split(separator: "\n").count { $0.contains("questionAnswered") } == 1, "who goes on answers nothing: \(events)")
        let report = try await Program(home: home.path).run(["report", "--lab", lab])
        #expect(report.output.contains { $0.contains("You expected: Not necessarily") }, "\(report.output)")
    }

    /// A person at a terminal is asked before the run, unless it's unattended. Nobody else is.
    @Test(arguments: [[], ["--plain"], ["--auto"], ["--json"]]) func aStepAsksOnlyAPerson(flags: [String]) async throws {
        let home = try TemporaryDirectory()
        let environment = [
            "AILAB_HOME": home.path, "HOME": home.path, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TERM": "dumb",
            "DOCKER_HOST": "unix:///nonexistent/docker.sock",
        ]
        let lab = try Self.askingLab(home)
        let arguments = ["step", "1.1", "--lab", lab] + flags
        let session = try TerminalSession(ChildCommand(Program.path, arguments, environment: environment, timeout: nil))
        let isAsked = flags.isEmpty || flags == ["--plain"]
        if isAsked {
            try await session.shows("s for no more questions: ")
            session.type("2\n")
            try await session.shows("as you expected")
        }
        #expect(try await exitCode(of: session.pid) == 0)
        #expect(session.text.contains("answers a ping") == isAsked)
        if isAsked { return }
        let piped = try await Program(home: home.path).run(["step", "1.1", "--lab", lab])
        #expect(piped.exitCode == 0 && !piped.output.contains { $0.contains("answers a ping") }, "\(piped.output)")
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
