import Glibc
import TestSupport
import Testing

@testable import ContainerEngine
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// Tasks that run containers, on a real engine.
@Suite("Runner, real engine: containers", .tags(.engine), .needsOfTags, .timeLimit(.minutes(5)))
struct RunnerRealTests {
    private let task: TaskID = "1.1"

    private func container(_ engine: RealEngine, _ script: String, _ change: (inout LabContainer) -> Void = { _ in }) -> LabContainer {
        var container = LabContainer(image: RealEngine.base, name: "\(engine.id)-c", command: ["/bin/sh", "-c", script])
        change(&container)
        return container
    }

    private func with(
        _ name: String, _ script: String, checks: [LabCheckSubject] = [], _ change: (inout LabContainer) -> Void = { _ in },
        _ body: (RealEngine, MiniRun, LabContainer) async throws -> Void
    ) async throws {
        try await RealEngine.with(name) { engine in
            let container = container(engine, script, change)
            engine.removesAtEnd(container: container.name)
            let mini = try MiniRun(engine.docker, [Mini.task(task, .run(LabRunAction(container)), checks: checks)])
            try await body(engine, mini, container)
        }
    }

    @Test func aContainerRunsToItsEndAndEverythingItSaidIsKept() async throws {
        try await with(
            "run", "echo one; echo two >&2; echo '@ailab {\"metric\":\"loss\",\"value\":0.5,\"epoch\":1}'; printf last",
            checks: [.output(match: LabMatch(pattern: "^one$"))]
        ) { engine, mini, container in
            let outcome = try await mini.perform()
            #expect(outcome.ending(task)?.outcome == .succeeded)
            #expect(outcome.output(task).contains("one\n") && outcome.output(task).contains("two\n"))
            #expect(outcome.payloads(task).contains(.metric(Metric(name: "loss", value: 0.5, epoch: 1, step: nil, more: nil))))
            #expect(outcome.checks(task).map(\.standing) == [.passed])
            let details = try await engine.docker.inspectContainer(container.name)
            #expect(details.config.labels?[Label.workspace] == mini.workspace.id)
            #expect(details.config.labels?[Label.task] == "1.1")
            let again = try await mini.perform()
            #expect(again.ending(task)?.outcome == .satisfied)
            #expect(try await engine.docker.inspectContainer(container.name).id == details.id)
        }
    }

    @Test func anExitCodeIsAFailureWithTheLastWords() async throws {
        try await with("exit", "echo all was well; echo then it broke; exit 7") { _, mini, _ in
            let outcome = try await mini.perform()
            let error = try #require(outcome.ending(task)?.error)
            #expect(error.code == .containerExit)
            #expect(error.exitCode == 7)
            #expect(error.cause?.hasSuffix("then it broke") == true)
            #expect(error.exitStatus == 1)
        }
    }

    @Test func theKernelsKillForMemoryIsNamed() async throws {
        // The reader holds a line that never ends.
        try await with("oom", "tail -n 1 /dev/zero", { $0.memory = "16m" }) { _, mini, _ in
            let outcome = try await mini.perform()
            #expect(outcome.ending(task)?.error?.code == .containerOutOfMemory)
        }
    }

    @Test func aContainerThatTakesTooLongIsStopped() async throws {
        try await with("timeout", "trap 'exit 0' TERM; echo begun; while true; do sleep 0.1; done", { $0.timeout = 2 }) {
            engine, mini, container in
            let outcome = try await mini.perform()
            #expect(outcome.ending(task)?.error?.code == .taskTimeout)
            #expect(outcome.output(task) == "begun\n")
            #expect(try await engine.docker.inspectContainer(container.name).state.isRunning == false)
        }
    }

    @Test func aCommandThatIsNotThereIsNamed() async throws {
        try await with("nocommand", "true", { $0.command = ["no-such-program"] }) { _, mini, _ in
            let outcome = try await mini.perform()
            #expect(outcome.ending(task)?.error?.code == .containerCommandNotFound)
        }
    }

    @Test func aNameThatSomebodyElseTookIsNotTouched() async throws {
        try await with("foreign", "echo mine") { engine, mini, container in
            var config = ContainerConfig(image: RealEngine.base, command: ["/bin/sleep", "300"])
            config.labels = engine.labels
            let foreign = try await engine.docker.createContainer(config, name: container.name)
            let outcome = try await mini.perform()
            #expect(outcome.ending(task)?.error?.code == .containerNameTaken)
            #expect(try await engine.docker.inspectContainer(container.name).id == foreign.id)
        }
    }

    @Test func force() async throws {
        try await with("force", "echo again") { engine, mini, container in
            _ = try await mini.perform()
            let first = try await engine.docker.inspectContainer(container.name).id
            var forced = mini
            forced.options.force = true
            let outcome = try await forced.perform()
            #expect(outcome.ending(task)?.outcome == .succeeded)
            #expect(try await engine.docker.inspectContainer(container.name).id != first)
        }
    }

    @Test func cancellingStopsTheContainerAndTheNextRunReplacesIt() async throws {
        try await with("cancel", "trap 'exit 0' TERM; echo begun; while true; do sleep 0.1; done") { engine, mini, container in
            let outcome = try await mini.perform { folder, cancel in
                try await eventually(within: .seconds(60)) {
                    JournalReader.events(of: folder).contains { if case .output = $0.payload { true } else { false } }
                }
                cancel()
            }
            #expect(outcome.ending(task)?.outcome == .cancelled)
            let stopped = try await engine.docker.inspectContainer(container.name)
            #expect(stopped.state.status == .exited)
            // It ended with 0, as a program may that is asked to end; that is not the end of its work.
            var second = mini
            second.spec = Mini.spec([Mini.task(task, .run(LabRunAction(self.container(engine, "echo whole"))))])
            let replaced = try await second.perform()
            #expect(replaced.output(task) == "whole\n")
            #expect(try await engine.docker.inspectContainer(container.name).id != stopped.id)
        }
    }

    @Test func cancellingWhatIsCancelledByItsOwnFingerprintDoesNotTakeItOver() async throws {
        try await with("cancel-again", "trap 'exit 0' TERM; echo begun; while true; do sleep 0.1; done") { engine, mini, container in
            for _ in 0..<2 {
                let outcome = try await mini.perform { folder, cancel in
                    try await eventually(within: .seconds(60)) {
                        JournalReader.events(of: folder).contains { if case .output = $0.payload { true } else { false } }
                    }
                    cancel()
                }
                #expect(outcome.ending(task)?.outcome == .cancelled)
                #expect(!outcome.payloads(task).contains { if case .reattached = $0 { true } else { false } })
            }
        }
    }

    @Test func aFailureBlocksOnlyWhatNeedsIt() async throws {
        try await RealEngine.with("blocks") { engine in
            let names = ["a", "b", "c"].map { "\(engine.id)-\($0)" }
            for name in names { engine.removesAtEnd(container: name) }
            let run = { (name: String, script: String) in
                LabAction.run(LabRunAction(LabContainer(image: RealEngine.base, name: name, command: ["/bin/sh", "-c", script])))
            }
            let mini = try MiniRun(
                engine.docker,
                [
                    Mini.task("1.1", run(names[0], "exit 1")), Mini.task("1.2", run(names[1], "true"), needs: ["1.1"]),
                    Mini.task("1.3", run(names[2], "true")),
                ])
            let outcome = try await mini.perform()
            #expect(outcome.ending("1.1")?.outcome == .failed)
            #expect(outcome.ending("1.2")?.outcome == .blocked)
            #expect(outcome.ending("1.3")?.outcome == .succeeded)
            #expect(try await engine.docker.containerIfPresent(names[1]) == nil)
        }
    }

    @Test func commandsInsideHaveOutputAndExitCodes() async throws {
        try await with("exec", "sleep 300") { engine, mini, container in
            let name = try await engine.container(["/bin/sleep", "300"])
            try await engine.docker.startContainer(name)
            let exec = { (script: String, timeout: Int?) in
                LabAction.exec(LabExecAction(container: name, command: ["/bin/sh", "-c", script], timeout: timeout))
            }
            let inside = try MiniRun(
                engine.docker,
                [
                    Mini.task("1.1", exec("echo out; echo err >&2", nil)), Mini.task("1.2", exec("echo broken; exit 9", nil)),
                    Mini.task("1.3", exec("sleep 300", 1)),
                ])
            let outcome = try await inside.perform()
            #expect(outcome.ending("1.1")?.outcome == .succeeded)
            #expect(outcome.output("1.1").split(separator: "\n").sorted() == ["err", "out"])
            #expect(outcome.ending("1.2")?.error?.code == .execExit)
            #expect(outcome.ending("1.2")?.error?.exitCode == 9)
            #expect(outcome.ending("1.2")?.error?.cause == "broken")
            #expect(outcome.ending("1.3")?.error?.code == .taskTimeout)
            _ = (mini, container)
        }
    }

    @Test func filesThatAContainerWritesBelongToTheUserItRunsAs() async throws {
        try await RealEngine.with("user") { engine in
            let name = "\(engine.id)-c"
            engine.removesAtEnd(container: name)
            let container = LabContainer(
                image: RealEngine.base, name: name, command: ["/bin/sh", "-c", "echo $HOME; id -u; echo x > /out/file"],
                mounts: [LabMount(source: .workspace("out"), target: "/out")])
            let user = RunEngine(engine.docker, containerUser: "12345:12345")
            let mini = try MiniRun(user, Mini.spec([Mini.task(task, .run(LabRunAction(container)))]))
            let out = mini.workspace.files(lab: "mini") + "/out"
            try Files.makeDirectory(out)
            chown(out, 12345, 12345)
            let folder = try mini.workspace.makeRun()
            let journal = try JournalWriter(folder)
            let context = try mini.context(run: folder.number, journal: journal)
            let endings = await Runner(context, progress: LabProgress()).perform([task])
            #expect(endings.map(\.outcome) == [.succeeded])
            var status = stat()
            #expect(stat("\(out)/file", &status) == 0)
            #expect(status.st_uid == 12345)
            let events = JournalReader.events(of: folder)
            let outcome = MiniRun.Outcome(run: 1, endings: endings, events: events, folder: folder, home: mini.home)
            #expect(outcome.output(task) == "/tmp\n12345\n")
            let shown = outcome.payloads(task).compactMap { if case .taskStarted(let start) = $0 { start.commands.first } else { nil } }
            #expect(shown.first?.contains("--user 12345:12345") == true)
            #expect(shown.first?.contains("-e HOME=/tmp") == true)
        }
    }
}
