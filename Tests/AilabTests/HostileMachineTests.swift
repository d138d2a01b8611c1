import Glibc
import LabRunner
import LabSupport
import TestSupport
import Testing

/// Disks that are full or can't be written, clocks that jump, and processes that are stopped, each with the real program and engine.
@Suite("A hostile machine", .tags(.engine, .root), .needsOfTags, .timeLimit(.minutes(5)))
struct HostileMachineTests {
    /// What takes the room away, and what the program has to say.
    enum Lack: CaseIterable {
        case bytes, files, writing

        func take(from disk: SmallDisk) throws {
            switch self {
            case .bytes: try disk.fill()
            case .files: try disk.fillWithFiles()
            case .writing: try disk.set(readOnly: true)
            }
        }

        func give(to disk: SmallDisk) throws {
            switch self {
            case .bytes, .files: disk.free()
            case .writing: try disk.set(readOnly: false)
            }
        }

        var words: [String] {
            switch self {
            case .bytes, .files: ["full", "No space left"]
            case .writing: ["read-only", "Read-only"]
            }
        }
    }

    /// A container that prints more than a full disk can take, and mounts nothing: the engine may not see the test's disk.
    private func lab(_ id: String) -> String {
        """
        schema: 1
        id: mini
        title: {en: Mini, zh: 迷你}
        summary: {en: A small lab., zh: 一个小实验。}
        steps:
          - number: 1
            title: {en: One, zh: 一}
            tasks:
              - id: "1.2"
                title: {en: T, zh: T}
                text: {en: t, zh: t}
                action: {run: {image: '\(id):base', name: '\(id)-prints', command: [sh, -c, 'seq 20000']}}
                checks: [{container: {name: '\(id)-prints', state: exited, exit_code: 0}}]
                expected: 2

        """
    }

    @Test("A workspace in which nothing can be written stops a run with that reason, and afterwards all is well", arguments: Lack.allCases)
    func workspace(lack: Lack) async throws {
        try await CommandLineFixture.with("disk") { lab in
            try lab.use(self.lab(lab.id))
            let disk = try SmallDisk(kilobytes: 4096, files: 200)
            let home = ["AILAB_HOME": disk.path + "/home"]
            #expect(try await lab.run(["step", "1.2"], home).code == 0)
            try lack.take(from: disk)
            let outcome = try await lab.run(["step", "1.2", "--force"], home)
            #expect(outcome.code == 3, "\(outcome.output)\(outcome.error)")
            #expect(lack.words.contains { (outcome.output + outcome.error).contains($0) }, "\(outcome.output)\(outcome.error)")
            #expect(try await lab.run(["list"], home).code == 0)
            try lack.give(to: disk)
            #expect(try await lab.run(["step", "1.2", "--force"], home).code == 0)
            #expect(try await lab.run(["report"], home).code == 0)
            _ = try await lab.run(["clean", "--yes"], home)
        }
    }

    @Test("A runner that is stopped goes on") func stopped() async throws {
        try await CommandLineFixture.with("stopped") { lab in
            let run = try lab.start(["step", "1.4"])
            try await lab.containerRuns("waits")
            let runner = try await lab.runner()
            kill(runner, SIGSTOP)
            try Files.write([], to: lab.file("out/go"))
            #expect(try await lab.run(["status"]).code == 0)
            kill(runner, SIGCONT)
            #expect(try await run.outcome().code == 0)
        }
    }

    @Test("A clock that jumps changes no result, and no time is negative") func clock() async throws {
        try await CommandLineFixture.with("clock") { lab in
            let library = try #require(
                ["x86_64", "aarch64"].map { "/usr/lib/\($0)-linux-gnu/faketime/libfaketime.so.1" }.first(where: Files.exists))
            let clock = try TemporaryDirectory()
            let jumps = [
                "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": try clock.write("+0", to: "clock"), "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            ]
            let run = try lab.start(["step", "1.4", "--json"], jumps)
            do { try await lab.containerRuns("waits") } catch { Issue.record("\(run.output)\(run.error)") }
            try clock.write("-3d", to: "clock")
            try await lab.run(["status"], jumps).expectGood()
            try clock.write("+9d", to: "clock")
            try await lab.run(["status"], jumps).expectGood()
            try Files.write([], to: lab.file("out/go"))
            let outcome = try await run.outcome()
            #expect(outcome.code == 0, "\(outcome.output)\(outcome.error)")
            #expect(!outcome.output.contains("\"seconds\":-"))
            try await lab.run(["list"]).expectGood()
            try await lab.run(["report"]).expectGood()
            #expect(try await lab.run(["step", "1.2"]).code == 0)
        }
    }
}

extension CommandLineFixture.Outcome {
    fileprivate func expectGood() { #expect(code == 0, "\(output)\(error)") }
}
