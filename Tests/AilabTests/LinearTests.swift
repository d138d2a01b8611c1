import Glibc
import LabSupport
import TestSupport
import Testing

/// The walkthrough by lines, and the demo.
@Suite struct LinearTests {
    /// Nothing that moves a cursor, colours or clears.
    private func expectLines(_ text: String) { #expect(!text.contains("\u{1B}") && !text.contains("\u{08}")) }

    @Test(.tags(.engine), .needsOfTags, arguments: [["TERM": "dumb"], ["AILAB_LINEAR": "1"], [:]]) func workIsDoneByLines(
        _ change: [String: String]
    ) async throws {
        try await CommandLineFixture.with("linear") { lab in
            let flags = change.isEmpty ? ["--linear"] : []
            let session = try TerminalSession(try lab.command(["--lab", "mini"] + flags, change))
            try await session.shows("0 of 7 done")
            try await session.shows("1.1> ")
            #expect(session.isCooked)
            session.type("1.2\n\n")
            try await session.shows("Done in")
            try await session.shows("│ hello")
            session.type("skpi\n")
            try await session.shows("did you mean `skip`?")
            session.type("1.3\ns\n")
            try await session.shows("» 1.3 skipped")
            session.type("l\n")
            try await session.shows("1.3 Task 1.3: skipped")
            session.type("1.5\nrun\n")
            try await session.shows("Press Enter to open the shell")
            session.type("\n")
            try await session.shows("# ")
            session.type("echo $((40 + 2))x\n")
            try await session.shows("42x")
            session.type("exit\n")
            try await session.shows("1.5 done")
            session.type("q\n")
            #expect(try await exitCode(of: session.pid) == 0)
            // What a skipped one was is still known.
            let again = try TerminalSession(try lab.command(["--lab", "mini", "--linear"]))
            try await again.shows("1.1> ")
            again.type("list\n")
            try await again.shows("1.3 Task 1.3: skipped")
            again.type("x\n")
            try await again.shows("Nothing to reset.")
            again.type("1.2\nx\n")
            try await again.shows("Type y to confirm")
            again.type("n\nq\n")
            #expect(try await exitCode(of: again.pid) == 0)
            expectLines(again.text)
        }
    }

    @Test(.tags(.engine), .needsOfTags) func theMachineAndItsNumbersAreToldByLines() async throws {
        try await CommandLineFixture.with("lintell") { lab in
            let session = try TerminalSession(try lab.command(["--lab", "mini", "--linear"]))
            try await session.shows("1.1> ")
            session.type("doctor\n")
            for words in ["Looking at this machine", "engine.socket", "ports.lab"] { try await session.shows(words) }
            session.type("telemetry\n")
            for words in ["Measuring for a moment", "CPU", "Memory"] { try await session.shows(words) }
            session.type("help\n")
            for words in ["doctor (", "telemetry ("] { try await session.shows(words) }
            session.type("q\n")
            #expect(try await exitCode(of: session.pid) == 0)
            expectLines(session.text)
        }
    }

    @Test(.tags(.engine), .needsOfTags) func controlCCancelsWhatRuns() async throws {
        try await CommandLineFixture.with("linint") { lab in
            let session = try TerminalSession(try lab.command(["--lab", "mini", "--linear"]))
            try await session.shows("1.1> ")
            session.type("1.4\nrun\n")
            try await session.shows("│ begun")
            session.type("\u{03}")
            try await session.shows("1.4 cancelled")
            // While the run still winds up, another one ends it at once and does not leave.
            try await session.shows("Cancelled after")
            session.type("\u{03}")
            #expect(try await exitCode(of: session.pid) == 0)
            expectLines(session.text)
        }
    }

    @Test func theDemoNeedsNoEngineAndWritesNothing() async throws {
        let home = try TemporaryDirectory()
        let environment = [
            "DOCKER_HOST": "unix:///nonexistent/docker.sock", "AILAB_HOME": home.path + "/none", "HOME": home.path, "TERM": "xterm",
        ]
        let program = try Program(home: home.path + "/none", environment: environment)
        let lab = ["--lab", "\(Program.checkout)/labs/lab5.yaml"]
        let answer = try await program.run(["--demo", "--speed", "1000"] + lab)
        #expect(answer.exitCode == 0)
        let text = answer.output.joined(separator: "\n")
        #expect(text.contains("DEMO ×1000"))
        #expect(text.contains("5.5 done"))
        #expect(text.contains("The demo is over"))
        #expect(!Files.exists(home.path + "/none"))
        #expect(Files.names(in: home.path).isEmpty)
        #expect(try await program.run(["--demo", "--speed", "0"] + lab).exitCode == 2)
        #expect(try await program.run(["--speed", "2"] + lab).exitCode == 2)
    }

    @Test func theDemoOnTheScreenRefusesWorkAndSaysWhy() async throws {
        let home = try TemporaryDirectory()
        let environment = ["AILAB_HOME": home.path + "/none", "HOME": home.path, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"]
        try await TmuxSession.with(environment) { session in
            try await session.command(
                "clear; \(Program.path) --demo --speed 1000 --lab \(Program.checkout)/labs/lab5.yaml; echo left with $?")
            try await session.shows("DEMO ×1000", "The demo is over", "32/32")
            try await session.press("r")
            try await session.shows("plays a recording", "DEMO ×1000")
            try await session.press("q")
            try await session.shows("left with 0")
        }
        #expect(!Files.exists(home.path + "/none"))
    }
}
