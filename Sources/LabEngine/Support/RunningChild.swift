import CSystem
import Glibc

/// A child that was started: its pipes, its pid as long as that is surely its own, and the thread that follows it.
final class RunningChild: Sendable {
    private enum Life {
        case running
        /// Cancelled; the group is killed for good at that instant.
        case ending(killAt: ContinuousClock.Instant)
        /// The pid was given back to the system and may be another process's by now.
        case reaped
    }

    private let pid: pid_t
    private let output: Int32
    private let error: Int32
    private let deadline: ContinuousClock.Instant?
    private let onLine: @Sendable (ChildLine) -> Void
    private let life = Locked(Life.running)

    /// What is left to read of a pipe that a grandchild keeps open after the child's end is not waited for longer than this.
    private static let drainTime: Duration = .milliseconds(500)
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
                    "child.spawn", Text(en: "No pipe to a child process could be made.", zh: "无法建立与子进程的管道。"),
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

    /// Follows the child on a thread of its own and reports its end once.
    func follow(_ done: @escaping @Sendable (ChildResult) -> Void) {
        var thread = pthread_t()
        let work = Unmanaged.passRetained(ThreadWork { done(self.followToEnd()) })
        let code = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<ThreadWork>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, work.toOpaque())
        guard code != 0 else {
            pthread_detach(thread)
            return
        }
        // No thread to be had: the child cannot be followed, so it is ended, which takes an instant.
        work.release()
        kill(SIGKILL)
        done(followToEnd())
    }

    /// Ends the child and what it started.
    func cancel() {
        let signalled = life.withLock { life in
            guard case .running = life else { return false }
            life = .ending(killAt: .now + Self.grace)
            return true
        }
        if signalled { kill(SIGTERM) }
    }

    private func kill(_ signal: Int32) {
        // The lock is held over the system call: reaping, which sets the pid free, takes it too.
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
        pump.drain(for: Self.drainTime)
        let code = reap()
        pump.finish()
        return ChildResult(exitCode: code, timedOut: timedOut, tail: pump.tail)
    }

    /// The next instant at which something is due; without a pidfd the child's end has to be looked for.
    private func nextInstant() -> ContinuousClock.Instant {
        let soon = ContinuousClock.now + .milliseconds(200)
        return min(soon, deadline ?? soon)
    }

    private func isOverdue() -> Bool {
        life.withLock { life in
            if case .ending(let killAt) = life { ContinuousClock.now >= killAt } else { false }
        }
    }

    /// Looks without reaping, so that the pid stays the child's while its group may still be signalled.
    private func hasExited() -> Bool {
        var info = siginfo_t()
        let result = waitid(P_PID, id_t(pid), &info, WEXITED | WNOWAIT | WNOHANG)
        // After WNOHANG a zero signal number says that nothing has happened yet.
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

/// A closure on its way to a thread.
private final class ThreadWork: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}
