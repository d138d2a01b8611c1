import Glibc
import TestSupport
import Testing

@Suite(.tags(.engine), .needsOfTags) struct ShellTests {
    @Test func aShellIsUsedResizedLeftEnteredAgainAndEnded() async throws {
        try await CommandLineFixture.with("shell") { lab in
            let first = try TerminalSession(try lab.command(["step", "1.5"]), columns: 91, rows: 31)
            try await first.shows("# ")
            // The size arrives a moment after the start.
            first.type("until stty size | grep '31 91'; do sleep 0.05; done\r")
            try await first.shows("31 91\r\n")
            #expect(!first.isCooked)
            first.resize(columns: 101, rows: 41)
            first.type("until stty size | grep '41 101'; do sleep 0.05; done\r")
            try await first.shows("41 101\r\n")
            first.type("echo $((20 + 1))x; sleep 600\r")
            try await first.shows("21x\r\n")
            first.type("\u{03}")
            try await first.shows("^C")
            first.type("echo $((40 + 2))x\r")
            try await first.shows("42x")
            first.type("\u{10}\u{11}")
            try await first.shows("ailab attach")
            #expect(try await exitCode(of: first.pid) == 0)
            #expect(first.isCooked)
            #expect(first.text.contains("\u{1B}[?25h"))
            #expect(try await lab.run(["step", "1.2"]).code == 3)
            let second = try TerminalSession(try lab.command(["attach"]))
            try await second.shows("# ")
            second.type("exit 0\r")
            try await second.shows("1.5 done")
            #expect(try await exitCode(of: second.pid) == 0)
            #expect(second.isCooked)
        }
    }

    @Test func aFrontEndThatIsEndedLeavesTheTerminalAsItWas() async throws {
        try await CommandLineFixture.with("term") { lab in
            let session = try TerminalSession(try lab.command(["step", "1.5"]))
            try await session.shows("# ")
            kill(session.pid, SIGTERM)
            #expect(try await exitCode(of: session.pid) == 128 + SIGTERM)
            #expect(session.isCooked)
            #expect(try await lab.run(["stop"]).code == 0)
        }
    }

    @Test func aShellWhoseRunnerWasKilledIsTakenOver() async throws {
        try await CommandLineFixture.with("shellkill") { lab in
            let first = try TerminalSession(try lab.command(["step", "1.5"]))
            try await first.shows("# ")
            first.type("cd /tmp\r")
            kill(try await lab.runner(), SIGKILL)
            first.type("\u{10}\u{11}")
            _ = try await exitCode(of: first.pid)
            let second = try TerminalSession(try lab.command(["step", "1.5"]))
            try await second.shows("Taking over")
            second.type("pwd; exit\r")
            try await second.shows("/tmp\r\n")
            #expect(try await exitCode(of: second.pid) == 0)
        }
    }

    @Test func withoutATerminalItsScriptIsRun() async throws {
        try await CommandLineFixture.with("script") { lab in
            let outcome = try await lab.run(["step", "1.5"])
            #expect(outcome.code == 0)
            #expect(outcome.output.contains("│ scripted"))
        }
    }
}
