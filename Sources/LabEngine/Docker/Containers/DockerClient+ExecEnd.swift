import Glibc
import LabSupport

/// A program in a container that can be stopped. The API can start programs there but has no call to stop one.
package struct EndableExec: Sendable, Equatable {
    /// The engine's ID.
    package var id: String
    /// The container's ID.
    var container: String
    var user: String?
    /// A unique word in the environment of the program and of everything that it starts.
    var mark: String
}

extension DockerClient {
    /// Prepares a program as `createExec` does, with a mark to find it again.
    package func createEndableExec(_ container: String, _ config: ExecConfig) async throws -> EndableExec {
        let mark = (0..<4).map { _ in String(UInt32.random(in: 0 ... .max), radix: 36) }.joined()
        var config = config
        config.environment["AILAB_EXEC"] = mark
        return EndableExec(
            id: try await createExec(container, config), container: try await inspectContainer(container).id, user: config.user, mark: mark)
    }

    /// Asks the program to end. After `grace`, kills it and everything that it started.
    ///
    /// Returns false if the program may still run or may yet start. A caller that gives up early can get ahead of a start in progress, so
    /// this waits up to `startTimeout` for the start.
    package func end(_ exec: EndableExec, grace: Duration = .seconds(5), startTimeout: Duration = .seconds(5)) async -> Bool {
        do {
            guard try await wait(startTimeout, for: exec, until: { $0.isRunning || $0.exitCode != nil }) else { return false }
            if try await inspectExec(exec.id).isRunning {
                try await signal(exec, SIGTERM)
                _ = try await wait(grace, for: exec) { !$0.isRunning }
            }
            // Its children may still run.
            try await signal(exec, SIGKILL)
            return try await wait(.seconds(2), for: exec) { !$0.isRunning }
        } catch let error as DockerError where error.status == 404 {
            // The container is gone, and with it all of its processes.
            return true
        } catch {
            return false
        }
    }

    /// Kills what is left of a program that the engine has forgotten, because the engine restarted and the container went on.
    package func endLeftover(_ exec: EndableExec) async { try? await signal(exec, SIGKILL) }

    /// Polls until a condition holds or the time is up.
    private func wait(_ time: Duration, for exec: EndableExec, until holds: (ExecState) -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + time
        while try await !holds(inspectExec(exec.id)) {
            guard ContinuousClock.now < end else { return false }
            try await Task.sleep(for: .milliseconds(20))
        }
        return true
    }

    /// Sends a signal from inside the container. That works wherever the engine runs and cannot hit a process outside.
    ///
    /// If the container has no shell or grep for this, the signal comes from this machine.
    private func signal(_ exec: EndableExec, _ number: Int32) async throws {
        var config = ExecConfig(["/bin/sh", "-c", Self.signalMarked, "sh", "\(number)", exec.mark])
        // A user can read only the environment of its own processes.
        config.user = exec.user
        let signaller = config
        // If the container hangs, this call must still return.
        let found = await Deadline.value(.seconds(5)) { try await self.exec(exec.container, signaller, limit: 1 << 16).exitCode } == 0
        // A process that dropped its environment can only be found by its ID.
        guard !found || number == SIGKILL, let state = try? await inspectExec(exec.id), state.isRunning, let pid = state.pid else { return }
        ContainerProcess.signal(pid_t(truncatingIfNeeded: pid), in: exec.container, number)
    }

    /// Exits with 0 if it signalled a process. Its own shell has the mark in its arguments, not in its environment.
    private static let signalMarked = """
        found=1
        for process in /proc/[0-9]*; do
            grep -qs "AILAB_EXEC=$2" $process/environ && kill -$1 ${process#/proc/} && found=0
        done
        exit $found
        """
}
