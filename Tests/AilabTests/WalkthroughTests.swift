import ContainerEngine
import Glibc
import LabRunner
import LabSupport
import TestSupport
import Testing

/// The real program on a real terminal and a real engine, driven as a student drives it.
@Suite(.tags(.engine), .needsOfTags) struct WalkthroughTests {
    /// The terminal as it was: the ordinary screen, a cursor, no mouse, the same settings.
    private func expectRestored(_ session: TmuxSession, _ before: String) async throws {
        try await session.isBack()
        #expect(try await !session.isAlternate())
        #expect(try await session.showsCursor())
        #expect(try await !session.reportsMouse())
        #expect(try await session.settings() == before)
    }

    /// Starts the walkthrough behind a look at the terminal's settings.
    private func walkingWithSettings(
        _ lab: CommandLineFixture, _ change: [String: String] = [:], _ body: (TmuxSession, String) async throws -> Void
    ) async throws {
        let walk = try lab.command(["--lab", "mini"], change)
        try await TmuxSession.with(walk.environment) { session in
            let before = try await session.settings()
            // What the runtime says of a crash takes minutes to find out in a debug build, and is not what is looked at here.
            try await session.command("clear; SWIFT_BACKTRACE=enable=no \(walk.executable) --lab mini; echo left with $?")
            try await session.shows("1.1 Task 1.1", "Enter")
            try await body(session, before)
        }
    }

    @Test func fromAnEmptyWorkspaceToTheEndOfStepTwo() async throws {
        try await CommandLineFixture.with("walk") { lab in
            let course = ["--lab", "\(Program.checkout)/labs/lab5.yaml", "--set", "prefix=\(lab.id)-"]
            try await lab.walk(course) { session in
                try await session.shows("1.1 What this machine has", "0/33")
                try await session.press("2")
                for task in ["2.1 Get alpine", "2.2 List the files", "2.3 Print a message"] {
                    try await session.shows(task)
                    try await session.press("Enter")
                    // Where a registry has to be tried first it takes a while.
                    try await session.shows(task, "✔ done", "Enter go on", within: .seconds(240))
                    try await session.press("Enter")
                }
                try await session.shows("2.4 Use a shell")
                try await session.press("Enter")
                try await session.shows("A shell is ready", "Esc later")
                try await useShell(session)
                try await session.shows("2.4 Use a shell", "✔ done")
                #expect(try await session.isAlternate())
                try await session.press("Enter")
                try await session.shows("2.5 List the containers")
                try await session.press("Enter")
                try await session.shows("2.5 List the containers", "✔ done")
                try await session.press("Enter")
                try await session.shows("2.6 Homework")
                try await session.press("Enter")
                try await session.shows("First: what do you expect?")
                try await session.press("2")
                try await session.shows("What you proved", "Enter close")
                try await session.press("Enter")
                try await session.shows("2.6 Homework", "✔ done", "Measured: The same as outside, as you expected")
                try await session.press("q")
                try await session.isBack()
            }
            let status = try await lab.run(["--json"] + course).output
            #expect(JSONValue(Array(status.utf8))?.at("/done")?.scalar == "7")
        }
    }

    /// Into the container, to work, to see the terminal's new size, and out again.
    private func useShell(_ session: TmuxSession) async throws {
        try await session.press("Enter")
        try await session.shows("/ #")
        try await session.hides("A shell is ready")
        #expect(try await !session.isAlternate())
        try await session.command("echo $((40 + 2))x")
        try await session.shows("42x")
        try await session.resize(columns: 91, rows: 31)
        try await session.command("until stty size | grep '31 91'; do sleep 0.1; done")
        try await session.shows("\n31 91")
        try await session.resize(columns: 80, rows: 24)
        try await session.command("exit")
    }

    @Test func everySizeIsDrawnAndNothingOfTheOldOneStays() async throws {
        try await CommandLineFixture.with("sizes") { lab in
            try await lab.walk { session in
                try await session.shows("1.1 Task 1.1")
                try await session.press("n", "r")
                try await session.shows("1.2", "✔ done")
                let sizes = [(120, 40), (80, 24), (60, 15), (48, 12), (30, 6), (200, 50), (39, 7), (40, 8), (100, 30), (99, 29), (1, 1)]
                for (columns, rows) in sizes + sizes.reversed() {
                    try await session.resize(columns: columns, rows: rows)
                    try await expectClean(session, columns, rows)
                }
                // Faster than anything can be drawn.
                for round in 0..<40 {
                    let size = sizes[round * 7 % (sizes.count - 1)]
                    try await session.beginResize(columns: size.0, rows: size.1)
                    if round % 5 == 0 { try await session.press("o", "Tab") }
                }
                try await session.resize(columns: 120, rows: 40)
                try await expectClean(session, 120, 40)
                try await session.press("q")
                try await session.isBack()
            }
        }
    }

    /// What is on the screen is what drawing everything anew puts there.
    private func expectClean(_ session: TmuxSession, _ columns: Int, _ rows: Int) async throws {
        guard columns >= 40, rows >= 8 else {
            if columns > 12, rows > 3 { try await session.shows("This window") }
            return
        }
        try await answer(session)
        let drawn = try await session.screen()
        #expect(drawn.contains("1.2 Task 1.2"))
        try await session.press("C-l")
        try await answer(session)
        let anew = try await session.screen()
        #expect(anew == drawn, "\(columns)×\(rows)\n\(drawn)\n\(anew)")
    }

    /// Waits until everything before a key has been drawn: the key is answered in the last lines, and the answer taken away.
    private func answer(_ session: TmuxSession) async throws {
        try await session.press("F9")
        try await session.waits(for: "an answer to F9") { $0.contains("F9") }
        try await session.press("Escape")
        try await session.waits(for: "the keys") { screen in
            !screen.contains("F9") && (screen.split(separator: "\n").last ?? "").contains("Enter")
        }
    }

    @Test func aBuildGoesOnWithoutTheScreenAndIsThereAgain() async throws {
        try await CommandLineFixture.with("away") { lab in
            try await lab.walk { session in
                try await session.shows("1.1 Task 1.1")
                try await session.command(":1.7")
                try await session.shows("1.7 Task 1.7")
                try await session.press("r")
                try await session.shows("\(lab.id) begun")
                try await session.press("q")
                try await session.shows("The run goes on")
                try await session.isBack()
                let runner = try await lab.runner()
                #expect(kill(runner, 0) == 0)
                try await session.command("clear; \(try lab.command([]).executable) --lab mini")
                try await session.shows("1.7 Task 1.7", "running", "\(lab.id) begun")
                try await lab.letBuildEnd()
                try await session.shows("1.7 Task 1.7", "✔ done")
                try await session.press("g")
                try await session.shows("\(lab.id) begun", "went on to the end")
                try await session.press("q")
                try await session.isBack()
            }
        }
    }

    @Test func aKilledScreenLosesNothing() async throws {
        try await CommandLineFixture.with("killed") { lab in
            try await walkingWithSettings(lab) { session, before in
                try await session.command(":1.7")
                try await session.press("r")
                try await session.shows("\(lab.id) begun")
                kill(try await session.child(), SIGKILL)
                // Nobody could tidy up; what every shell offers for that is enough.
                try await session.press("C-j")
                try await session.type("stty sane; tput rmcup; tput cnorm; clear")
                try await session.press("C-j")
                try await session.isBack()
                try await session.command("clear; \(try lab.command([]).executable) --lab mini; echo left with $?")
                try await session.shows("1.7 Task 1.7", "running", "\(lab.id) begun")
                try await lab.letBuildEnd()
                try await session.shows("✔ done")
                try await session.press("q")
                try await session.shows("left with 0")
            }
        }
    }

    @Test func aKilledRunnerIsToldAndItsContainerTakenOver() async throws {
        try await CommandLineFixture.with("runner") { lab in
            try await lab.walk { session in
                try await session.shows("1.1 Task 1.1")
                try await session.command(":1.4")
                try await session.shows("1.4 Task 1.4")
                try await session.press("r")
                try await session.shows("begun")
                try await lab.containerRuns("waits")
                let before = try await lab.engine.docker.inspectContainer("\(lab.id)-waits").id
                kill(try await lab.runner(), SIGKILL)
                try await session.shows("Finished sub-steps are kept", "interrupted")
                try await session.press("Enter")
                try await session.shows("running")
                try Files.write([], to: lab.file("out/go"))
                try await session.shows("✔ done", "went on")
                #expect(try await lab.engine.docker.inspectContainer("\(lab.id)-waits").id == before)
                try await session.press("q")
                try await session.isBack()
            }
        }
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGSEGV, SIGABRT]) func theTerminalIsGivenBackOnASignal(_ signal: Int32) async throws {
        try await CommandLineFixture.with("signal\(signal)") { lab in
            try await walkingWithSettings(lab) { session, before in
                try await session.press("m")
                try await session.shows("Mouse on")
                #expect(try await session.reportsMouse())
                kill(try await session.child(), signal)
                try await session.shows("left with", within: .seconds(120))
                try await expectRestored(session, before)
            }
        }
    }

    @Test func leavingAndComingBackByJobControl() async throws {
        try await CommandLineFixture.with("stop") { lab in
            try await walkingWithSettings(lab) { session, before in
                let pid = try await session.child()
                try await session.press("C-z")
                try await expectRestored(session, before)
                try await session.command("fg")
                try await session.shows("1.1 Task 1.1", "Enter")
                #expect(try await session.isAlternate())
                kill(pid, SIGTSTP)
                try await expectRestored(session, before)
                try await session.resize(columns: 100, rows: 30)
                kill(pid, SIGCONT)
                try await session.command("fg")
                try await session.shows("1.1 Task 1.1", "Steps")
                try await session.press("q")
                try await expectRestored(session, before)
            }
        }
    }

    @Test func aLostTerminalEndsTheScreenAndNotTheRun() async throws {
        try await CommandLineFixture.with("lost") { lab in
            var screen: pid_t = 0
            try await lab.walk { session in
                try await session.shows("1.1 Task 1.1")
                try await session.command(":1.4")
                try await session.press("r")
                try await session.shows("begun")
                screen = try await session.child()
                await session.hangUp()
            }
            try await eventually { kill(screen, 0) != 0 }
            #expect(kill(try await lab.runner(), 0) == 0)
            try Files.write([], to: lab.file("out/go"))
            let workspace = try Workspace(root: lab.home)
            try await eventually(within: .seconds(60)) { WorkspaceLock.holder(of: workspace) == nil }
            let list = try await lab.run(["list"]).output
            #expect(list.contains("✔ 1.4"))
        }
    }

    @Test func anEngineThatGoesAwayIsMissedAndFoundAgain() async throws {
        try await CommandLineFixture.with("engine") { lab in
            let relay = try SocketRelay(to: try RealEngine.endpoint())
            try await lab.walk(["--lab", "mini"], ["DOCKER_HOST": relay.endpoint.dockerHost]) { session in
                try await session.shows("1.1 Task 1.1", "docker")
                try await session.press("n", "o")
                relay.cut()
                try await session.shows("no engine", "every few seconds")
                try await session.press("r")
                try await session.shows("A problem with this machine")
                try relay.mend()
                try await session.hides("every few seconds")
                try await session.press("r")
                try await session.shows("1.2", "✔ done")
                try await session.press("q")
                try await session.isBack()
            }
        }
    }
}
