import TestSupport
import Testing

@testable import ContainerEngine
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// What a run that was killed left behind: the journal without an end, and the container, as the engine still has it.
@Suite("Runner, real engine: taking over", .tags(.engine), .needsOfTags, .timeLimit(.minutes(5)))
struct TakeOverTests {
    private let task: TaskID = "1.1"

    /// Leaves a workspace as a killed run 1 would have: its journal stops after the task's beginning, its container goes on.
    private func with(
        _ name: String, _ script: String, fingerprint: String? = nil,
        _ body: (RealEngine, MiniRun, _ container: String, _ id: String) async throws -> Void
    ) async throws {
        try await RealEngine.with(name) { engine in
            let container = LabContainer(image: RealEngine.base, name: "\(engine.id)-c", command: ["/bin/sh", "-c", script])
            engine.removesAtEnd(container: container.name)
            let mini = try MiniRun(engine.docker, [Mini.task(task, .run(LabRunAction(container)))])
            let folder = try mini.workspace.makeRun()
            let journal = try JournalWriter(folder)
            journal.append(Mini.started(run: 1))
            let context = try mini.context(run: 1, journal: journal)
            var prints = Fingerprints(context, progress: LabProgress())
            let print = fingerprint ?? prints.act(task)
            journal.append(Mini.taskStarted(print), task: task)
            var config = try context.config(container, image: ResolvedImage(reference: RealEngine.base, setsHome: true))
            config.labels = context.labels(task, fingerprint: print).merging([Label.container: container.name]) { own, _ in own }
            let id = try await engine.docker.createContainer(config, name: container.name).id
            try await engine.docker.startContainer(id)
            try await body(engine, mini, container.name, id)
        }
    }

    private func reattached(_ outcome: MiniRun.Outcome) -> [Reattached] {
        outcome.payloads(task).compactMap { if case .reattached(let reattached) = $0 { reattached } else { nil } }
    }

    @Test func aContainerThatStillRunsIsFollowedFromItsFirstWord() async throws {
        try await with("over", "echo early; sleep 3; echo late") { engine, mini, name, id in
            let outcome = try await mini.perform()
            #expect(outcome.ending(task)?.outcome == .succeeded)
            #expect(reattached(outcome) == [Reattached(container: name, run: 1)])
            #expect(outcome.output(task) == "early\nlate\n")
            #expect(try await engine.docker.inspectContainer(name).id == id)
        }
    }

    @Test func aContainerThatHasFinishedItsWorkMeanwhileIsNotRunAgain() async throws {
        try await with("done", "echo result") { engine, mini, name, id in
            _ = try await engine.docker.wait(id)
            let outcome = try await mini.perform()
            #expect(outcome.ending(task)?.outcome == .succeeded)
            #expect(reattached(outcome) == [Reattached(container: name, run: 1)])
            #expect(outcome.output(task) == "result\n")
            #expect(try await engine.docker.inspectContainer(name).id == id)
            #expect(mini.progress().interrupted == nil)
        }
    }

    @Test func aContainerThatFailedMeanwhileIsRunAgain() async throws {
        try await with("failed", "echo no; exit 4") { engine, mini, name, id in
            _ = try await engine.docker.wait(id)
            let outcome = try await mini.perform()
            #expect(outcome.ending(task)?.error?.exitCode == 4)
            #expect(reattached(outcome) == [])
            #expect(try await engine.docker.inspectContainer(name).id != id)
        }
    }

    @Test func theWorkOfAnotherFingerprintIsReplaced() async throws {
        try await with("other", "echo result", fingerprint: "something else") { engine, mini, name, id in
            _ = try await engine.docker.wait(id)
            let outcome = try await mini.perform()
            #expect(outcome.ending(task)?.outcome == .succeeded)
            #expect(reattached(outcome) == [])
            #expect(try await engine.docker.inspectContainer(name).id != id)
        }
    }

    @Test func forceTakesNothingOver() async throws {
        try await with("forced", "echo result") { engine, mini, name, id in
            var forced = mini
            forced.options.force = true
            let outcome = try await forced.perform()
            #expect(reattached(outcome) == [])
            #expect(try await engine.docker.inspectContainer(name).id != id)
        }
    }

    @Test func aRunThatWasKilledAtATakeOverLeavesTheContainerToTheNext() async throws {
        try await with("twice", "echo result") { engine, mini, name, id in
            _ = try await engine.docker.wait(id)
            let second = try mini.workspace.makeRun()
            let journal = try JournalWriter(second)
            journal.append(Mini.started(run: 2))
            journal.append(Mini.taskStarted("x"), task: task)
            #expect(reattached(try await mini.perform()) == [Reattached(container: name, run: 1)])
            #expect(try await engine.docker.inspectContainer(name).id == id)
        }
    }
}
