import CSystem
import Glibc

/// A started child: its pipes, its pid until the child is reaped, and the thread that follows it.
final class RunningChild: Sendable {
    private enum Life {
        case running
        /// Cancelled. The group gets SIGKILL at that instant.
        case ending(killAt: ContinuousClock.Instant)
        /// The system has the pid back and may have given it to another process.
        case reaped
    }

    private let pid: pid_t
    private let output: Int32
    private let error: Int32
    private let deadline: ContinuousClock.Instant?
    private let onLine: @Sendable (ChildLine) -> Void
    private let life = Locked(Life.running)

    /// A grandchild can keep a pipe open after the child's end. Reading the rest stops after this time.
    private static let drainTimeout: Duration = .milliseconds(500)
    private static let grace: Duration = .seconds(2)

    init(_ command: ChildCommand, onLine: @escaping @Sendable (ChildLine) -> Void) throws {
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        var outEnds: [Int32] = [-1, -1]
        var errorEnds: [Int32] = [-1, -1]
        defer {
            for descriptor in [null, outEnds[1], errorEnds[1]] where descriptor >= 0 { close(descriptor) }
        }
        do {
            for code in [null < 0 ? errno : 0, cs_pipe(&outEnds), cs_pipe(&errorEnds)] where code != 0 {
                throw LabError(
                    .childSpawn, Text(en: "Cannot create a pipe for a child process.", zh: "无法创建与子进程通信的管道。"),
                    cause: String(cString: strerror(code)), errno: code)
            }
            pid = try ChildSpawn.session(command, input: null, output: outEnds[1], error: errorEnds[1])
        } catch {
            for descriptor in [outEnds[0], errorEnds[0]] where descriptor >= 0 { close(descriptor) }
            throw error
        }
        output = outEnds[0]
        error = errorEnds[0]
        deadline = command.timeout.map { ContinuousClock.now + $0 }
        self.onLine = onLine
    }

    /// Follows the child on its own thread and reports its end once.
    func follow(_ done: @escaping @Sendable (ChildResult) -> Void) {
        if let thread = PosixThread.start({ done(self.followToEnd()) }) {
            thread.detach()
            return
        }
        // Without a thread nothing can follow the child. SIGKILL ends it, so following it here takes only a moment.
        kill(SIGKILL)
        done(followToEnd())
    }

    /// Ends the child and everything that it started.
    func cancel() {
        let signalled = life.withLock { life in
            guard case .running = life else { return false }
            life = .ending(killAt: .now + Self.grace)
            return true
        }
        if signalled { kill(SIGTERM) }
    }

    /// Sends the signal to the child's group.
    func kill(_ signal: Int32) {
        // Hold the lock during the system call: reaping, which frees the pid, takes the same lock.
        life.withLock { life in
            if case .reaped = life { return }
            _ = Glibc.kill(-pid, signal)
        }
    }

    private func followToEnd() -> ChildResult {
        var pump = ChildPump(descriptors: [output, error], onLine: onLine)
        let ended = cs_pidfd_open(pid)
        defer { if ended >= 0 { close(ended) } }
        var timedOut = false
        while !hasExited() {
            pump.wait(also: ended, until: nextInstant())
            if let deadline, !timedOut, ContinuousClock.now >= deadline {
                timedOut = true
                cancel()
            }
            if isOverdue() { kill(SIGKILL) }
        }
        pump.drain(for: Self.drainTimeout)
        let code = reap()
        pump.finish()
        return ChildResult(exitCode: code, timedOut: timedOut, tail: pump.tail)
    }

    /// The latest instant to wake up. Without a pidfd, only polling reveals the child's end.
    private func nextInstant() -> ContinuousClock.Instant {
        let soon = ContinuousClock.now + .milliseconds(200)
        return min(soon, deadline ?? soon)
    }

    private func isOverdue() -> Bool {
        life.withLock { life in
            if case .ending(let killAt) = life { ContinuousClock.now >= killAt } else { false }
        }
    }

    /// Checks without reaping, so the pid still belongs to the child while its group may get signals.
    private func hasExited() -> Bool {
        var info = siginfo_t()
        let result = waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT | WNOHANG)
        // With WNOHANG, signal number 0 means that the child still runs.
        return result != 0 ? errno != EINTR : info.si_signo != 0
    }

    private func reap() -> Int {
        life.withLock { life in
            if case .ending = life { _ = Glibc.kill(-pid, SIGKILL) }
            var status: Int32 = 0
            while waitpid(pid, &status, 0) < 0, errno == EINTR {}
            life = .reaped
            return Int(cs_exit_code(status))
        }
    }
}
