import ContainerEngine
import Glibc
import LabRunner
import LabSupport
import TestSupport
import Testing

/// `kill -9` at random moments of building, training and serving.
@Suite("Torture: kill -9", .tags(.root), .needsOfTags, .timeLimit(.minutes(240)))
struct KilledTests {
    @Test("The next run finishes what a killed runner left, and a run outlasts a killed engine", arguments: [false, true])
    func killed(isLive: Bool) async throws {
        try await OwnEngine.with(isLive: isLive) { engine in
            try await CommandLineFixture.with("killed", on: engine) { lab in
                let base = "\(lab.id):base"
                try lab.use(TortureLab.text(id: lab.id, port: lab.port), files: ["Dockerfile.steps": TortureLab.dockerfile(base: base)])
                let aftermath = try await Aftermath(of: lab)
                try await Trials.run("killed, live-restore \(isLive)", "AILAB_KILLS", 5) { seed, first in
                    var numbers = first
                    let isEngine = Bool.random(using: &numbers)
                    let run = try lab.start(["step", "all", "--auto", "--force"])
                    try await Task.sleep(for: .milliseconds(Int.random(in: 0...6000, using: &numbers)))
                    if isEngine {
                        await engine.kill()
                        try await Task.sleep(for: .milliseconds(Int.random(in: 0...3000, using: &numbers)))
                        try await engine.start()
                    } else if let runner = try? WorkspaceLock.holder(of: Workspace(root: lab.home))?.pid, runner > 0 {
                        kill(runner, SIGKILL)
                    }
                    let first = try await run.outcome()
                    let comment: Comment =
                        "AILAB_SEED=\(seed), \(isEngine ? "engine" : "runner"): \(first.code) \(first.output)\(first.error)"
                    // Without live-restore, the server stops with its engine while a command runs in it.
                    // A run that began after the engine's end has found none.
                    let isSaid = ["[engine-lost]", "[docker-daemon-not-running]"].contains { first.output.contains($0) }
                    let isHurt = isEngine && Self.isEngineHurt(first)
                    #expect(first.code == 0 || isHurt || (isEngine ? first.code == 3 && isSaid : first.code == 1), comment)
                    if isHurt { try await engine.heal() }
                    var second = try await lab.run(["step", "all", "--auto"])
                    if isEngine, second.code != 0, Self.isEngineHurt(second) {
                        try await engine.heal()
                        second = try await lab.run(["step", "all", "--auto"])
                    }
                    #expect(second.code == 0, "\(comment)\nagain: \(second.output)\(second.error)")
                    try await aftermath.check(comment, leavesBuild: isEngine)
                }
            }
        }
    }

    /// A dockerd that is killed while it starts a container keeps the container's port, or the container's process lives on at an address
    /// that the engine gives to the next one. The run says the first itself. For the second it sends to the doctor.
    private static func isEngineHurt(_ outcome: CommandLineFixture.Outcome) -> Bool {
        outcome.code == 1
            && (outcome.output.contains("[engine-holds-port]")
                || outcome.output.contains("didn't respond within") && outcome.error.contains("ailab doctor"))
    }

    /// Without live-restore, an engine that is stopped in good order stops the containers first: to the run, they simply ended.
    @Test("A run waits for an engine that is stopped in good order, too") func stopped() async throws {
        try await OwnEngine.with(isLive: true) { engine in
            try await CommandLineFixture.with("stopped", on: engine) { lab in
                let run = try lab.start(["step", "1.4"])
                try await lab.containerRuns("waits")
                let before = try await lab.engine.docker.inspectContainer("\(lab.id)-waits").id
                await engine.stop()
                try await eventually { run.error.contains("went away") }
                try await engine.start()
                try await eventually { run.error.contains("is back") }
                try await lab.containerRuns("waits")
                try Files.write([], to: lab.file("out/go"))
                let outcome = try await run.outcome()
                #expect(outcome.code == 0, "\(outcome.output)\(outcome.error)")
                #expect(try await lab.engine.docker.inspectContainer("\(lab.id)-waits").id == before)
                #expect(outcome.error.contains("Taking over"))
            }
        }
    }

    @Test("A build starts again") func building() async throws {
        try await OwnEngine.with { engine in
            try await CommandLineFixture.with("building", on: engine) { lab in
                let run = try lab.start(["step", "1.7"])
                try await eventually { run.output.contains("begun") }
                await engine.kill()
                try await engine.start()
                try await eventually { run.error.contains("is back") }
                try await lab.letBuildEnd()
                let outcome = try await run.outcome()
                #expect(outcome.code == 0, "\(outcome.output)\(outcome.error)")
            }
        }
    }
}
