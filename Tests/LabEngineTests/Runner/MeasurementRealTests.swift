import TestSupport
import Testing

@testable import ContainerEngine
@testable import LabFile
@testable import LabRunner
@testable import LabSupport

/// Actions that measure, on a real engine.
@Suite("Runner, real engine: measurements", .tags(.engine), .needsOfTags, .timeLimit(.minutes(5)))
struct MeasurementRealTests {
    private let task: TaskID = "1.1"

    /// Needs 32 MB, and some processor time.
    private static let work = """
        x=$(head -c 33554432 /dev/zero | tr '\\0' x); i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done
        echo '@ailab {"metric": "n", "value": '$${#x}'}'
        """

    private func limits(_ name: String, memory: [String], _ body: (RealEngine, MiniRun) async throws -> Void) async throws {
        try await RealEngine.with(name) { engine in
            let container = LabContainer(
                image: RealEngine.base, name: "\(engine.id)-c", command: ["/bin/sh", "-c", Self.work], timeout: 120)
            engine.removesAtEnd(container: container.name)
            let action = LabLimitsAction(
                container: container, cpus: ["0.5", "4096"], memory: memory, metric: "n", results: "results/limits.json")
            let pointer = LabCheckSubject.json(
                path: "results/limits.json", pointer: "/killed", match: LabMatch(pattern: "(.+)", capture: "killed"))
            try await body(engine, MiniRun(engine.docker, [Mini.task(task, .limits(action), checks: [pointer])]))
        }
    }

    @Test func aContainerIsMeasuredUnderEachLimitUntilTheKernelKillsIt() async throws {
        try await limits("limits", memory: ["512m", "16m", "8m"]) { engine, mini in
            let outcome = try await mini.perform()
            #expect(outcome.ending(task)?.outcome == .succeeded, "\(String(describing: outcome.ending(task)?.error))")
            let table = try #require(outcome.payloads(task).tables.last)
            #expect(table.rows.map { $0[0].number } == [0.5, nil, nil], "4096 processors are left out, and 8m after the kill")
            #expect(table.rows.map { $0[1].text?.en } == ["–", "512m", "16m"])
            #expect(table.rows.map { $0[2].number } == [33_554_432, 33_554_432, nil])
            #expect(table.rows.map { $0[6].number } == [0, 0, 137])
            #expect(
                outcome.payloads(task).notices.contains("limits.killed") && outcome.payloads(task).notices.contains("limits.processors"))
            let state = try await engine.docker.inspectContainer("\(engine.id)-c").state
            #expect(state.exitCode == 137)
            let again = try await mini.perform()
            #expect(again.ending(task)?.outcome == .satisfied)
        }
    }

    @Test func aLimitThatKillsNothingIsAFailure() async throws {
        try await limits("loose", memory: ["512m"]) { _, mini in
            let outcome = try await mini.perform()
            #expect(outcome.ending(task)?.error?.code == .limitsNotReached)
            #expect(outcome.payloads(task).tables.last?.rows.count == 2, "what was measured is shown")
        }
    }

    @Test func aMachineWithoutAGPUSaysWhatWasTriedAndIsNeverDone() async throws {
        try await RealEngine.with("gpus") { engine in
            let container = LabContainer(
                image: RealEngine.base, name: "\(engine.id)-g", command: ["/bin/sh", "-c", "ls /nonexistent/gpu"], timeout: 60)
            engine.removesAtEnd(container: container.name)
            let mini = try MiniRun(engine.docker, [Mini.task(task, .gpus(LabGPUsAction(container)))])
            let outcome = try await mini.perform()
            #expect(outcome.ending(task)?.outcome == .unavailable)
            #expect(outcome.ending(task)?.error?.code == .gpuUnavailable)
            let table = try #require(outcome.payloads(task).tables.last)
            #expect(table.rows.count == 3 && table.rows.allSatisfy { $0[1].text?.en != "works" && $0[2].text?.en.isEmpty == false })
            #expect(try await engine.docker.containerIfPresent(container.name) == nil, "nothing keeps the name")
        }
    }
}

extension [EventPayload] {
    fileprivate var tables: [ResultTable] { compactMap { if case .fact(let fact) = $0 { fact.table } else { nil } } }

    fileprivate var notices: [String] { compactMap { if case .notice(let notice) = $0 { notice.code } else { nil } } }
}
