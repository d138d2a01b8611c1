import CSystem
import Glibc
import LabSupport

/// A program in a container that can be ended: the API starts programs there and has no call that ends one.
package struct EndableExec: Sendable, Equatable {
    /// The engine's id.
    package var id: String
    /// The container's id.
    var container: String
    var user: String?
    /// A word in its environment, and in that of whatever it starts, that nothing else in the world has.
    var mark: String
}

extension DockerClient {
    /// Prepares a program as `createExec` does, with a mark by which it is found again.
    package func createEndableExec(_ container: String, _ config: ExecConfig) async throws -> EndableExec {
        let mark = (0..<4).map { _ in String(UInt32.random(in: 0 ... .max), radix: 36) }.joined()
        var config = config
        config.environment["AILAB_EXEC"] = mark
        return EndableExec(
            id: try await createExec(container, config), container: try await inspectContainer(container).id, user: config.user, mark: mark)
    }

    /// Asks the program to end, and ends it and what it started where it has not after `grace`. False where it may still run, or may
    /// yet begin: whoever gives up early may be ahead of a start that is under way, which is waited for as long as `patience`.
    package func end(_ exec: EndableExec, grace: Duration = .seconds(5), patience: Duration = .seconds(5)) async -> Bool {
        do {
            guard try await wait(patience, for: exec, until: { $0.isRunning || $0.exitCode != nil }) else { return false }
            if try await inspectExec(exec.id).isRunning {
                try await signal(exec, SIGTERM)
                _ = try await wait(grace, for: exec) { !$0.isRunning }
            }
            // Its children may have outlived it.
            try await signal(exec, SIGKILL)
            return try await wait(.seconds(2), for: exec) { !$0.isRunning }
        } catch let error as DockerError where error.status == 404 {
            // The container is gone, and everything in it.
            return true
        } catch {
            return false
        }
    }

    /// Looks until something holds, at most that long.
    private func wait(_ time: Duration, for exec: EndableExec, until holds: (ExecState) -> Bool) async throws -> Bool {
        let end = ContinuousClock.now + time
        while try await !holds(inspectExec(exec.id)) {
            guard ContinuousClock.now < end else { return false }
            try await Task.sleep(for: .milliseconds(20))
        }
        return true
    }

    /// From within the container, which is right wherever the engine is and can hit nothing outside; where the container has nothing to
    /// look and signal with, from here.
    private func signal(_ exec: EndableExec, _ number: Int32) async throws {
        var config = ExecConfig(["/bin/sh", "-c", Self.signalMarked, "sh", "\(number)", exec.mark])
        // Whose environment may be read: one's own processes'.
        config.user = exec.user
        let signaller = config
        // A container that hangs must not make this hang, too.
        let found = await Deadline.value(.seconds(5)) { try await self.exec(exec.container, signaller, limit: 1 << 16).exitCode } == 0
        // One that dropped its environment is found by its number alone.
        guard !found || number == SIGKILL, let state = try? await inspectExec(exec.id), state.isRunning, let pid = state.pid else { return }
        ContainerProcess.signal(pid_t(truncatingIfNeeded: pid), in: exec.container, number)
    }

    /// Leaves with 0 where it signalled something. The shell that runs it has the mark among its arguments, not in its environment.
    private static let signalMarked = """
        found=1
        for process in /proc/[0-9]*; do
            grep -qs "AILAB_EXEC=$2" $process/environ && kill -$1 ${process#/proc/} && found=0
        done
        exit $found
        """
}

/// A container's process as this machine sees it.
enum ContainerProcess {
    /// Signals the process of that number if it is one of this container's, whose full id is given. False for any other, and where the
    /// engine's numbers are not those of this machine or somebody else has to do it.
    @discardableResult
    static func signal(_ pid: pid_t, in container: String, _ number: Int32) -> Bool {
        guard pid > 1, container.utf8.count >= 32 else { return false }
        // Held before the look, so that what is signalled is what was looked at.
        let process = cs_pidfd_open(pid)
        guard process >= 0 else { return false }
        defer { close(process) }
        guard let groups = try? Files.text("/proc/\(pid)/cgroup"), groups.contains(container) else { return false }
        return cs_pidfd_signal(process, number) == 0
    }
}
