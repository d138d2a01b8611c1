import LabSupport
import Testing

/// The time limit is shorter than the children's sleep: a call that waits for them fails.
@Suite(.timeLimit(.minutes(4))) struct ChildProcessTests {
    private func shell(_ script: String, timeout: Duration? = .seconds(20)) -> ChildCommand {
        ChildCommand("/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin", "WORD": "中文"], timeout: timeout)
    }

    @Test func linesOfBothStreamsArrive() async throws {
        let lines = Locked<[ChildLine]>([])
        let result = try await ChildProcess.run(shell("echo $WORD; echo oops >&2; printf '10%%\\r20%%\\r\\nlast'; exit 3")) { line in
            lines.withLock { $0.append(line) }
        }
        #expect(result.exitCode == 3)
        #expect(!result.timedOut)
        let all = lines.withLock { $0 }
        #expect(all.filter { $0.stream == .output }.map(\.text) == ["中文", "20%", "last"])
        #expect(all.filter { $0.stream == .error }.map(\.text) == ["oops"])
    }

    @Test func theEnvironmentIsOnlyWhatWasGiven() async throws {
        let command = ChildCommand("/usr/bin/env", [], environment: ["A": "1"], timeout: .seconds(10))
        #expect(try await ChildProcess.run(command).tail == ["A=1"])
    }

    @Test func aSignalCountsAsShellsCountIt() async throws {
        #expect(try await ChildProcess.run(shell("kill -9 $$")).exitCode == 137)
    }

    @Test func aMissingProgramIsAnError() async throws {
        let command = ChildCommand("/nonexistent/program", environment: [:], timeout: .seconds(1))
        let error = await #expect(throws: LabError.self) { try await ChildProcess.run(command) }
        #expect(error?.code == .childSpawn)
        #expect(error?.errno == 2)
    }

    @Test func aTimeoutEndsTheWholeGroup() async throws {
        let result = try await ChildProcess.run(shell("sleep 300 & sleep 300", timeout: .milliseconds(200)))
        #expect(result.timedOut)
    }

    @Test func cancellationKillsEvenWhoIgnoresTheRequest() async throws {
        let started = Locked(false)
        let command = shell("trap '' TERM; echo up; while :; do sleep 1; done")
        let task = Task { try await ChildProcess.run(command) { _ in started.withLock { $0 = true } } }
        while !started.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(10)) }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func aGrandchildThatKeepsThePipeDoesNotHoldUpTheEnd() async throws {
        let result = try await ChildProcess.run(shell("setsid sleep 300 & echo done"))
        #expect(result.tail == ["done"])
    }

    @Test func manyChildrenAtOnceAllEnd() async throws {
        try await withThrowingTaskGroup { group in
            for number in 0..<20 { group.addTask { try await ChildProcess.run(shell("exit \(number)")).exitCode } }
            var codes: Set<Int> = []
            for try await code in group { codes.insert(code) }
            #expect(codes == Set(0..<20))
        }
    }
}
