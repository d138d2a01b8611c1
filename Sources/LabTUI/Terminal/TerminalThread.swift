import CTerminal
import Glibc
import LabSupport

/// The only thread that uses the terminal: it paints, reads keys and receives signals. It's the executor of `CursesTerminal`.
///
/// It waits only in one call of poll(2). curses isn't thread-safe, and even reading a key changes its screen. So reading on one thread and
/// painting on another would be a race.
final class TerminalThread: SerialExecutor, @unchecked Sendable {
    private let wakeups = ct_counter()
    private let signals = ct_counter()
    private let jobs = Locked<[UnownedJob]>([])
    private let isDone = Locked(false)
    private let identity = Locked<pthread_t?>(nil)
    // Only the thread may access these.
    private var readsInput = false
    private var onInput: (() -> Void)?
    private var onSignal: ((UInt32) -> Void)?
    private var onHangUp: (() -> Void)?

    init() {
        // The thread keeps this object alive until `finish`, because a job may be enqueued as long as the actor exists.
        let thread = PosixThread.start { [self] in loop() }
        thread?.detach()
    }

    deinit {
        close(wakeups)
        close(signals)
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let unowned = UnownedJob(job)
        jobs.withLock { $0.append(unowned) }
        ct_counter_add(wakeups)
    }

    func checkIsolated() { precondition(isIsolatingCurrentContext() == true, "not on the terminal's thread") }

    func isIsolatingCurrentContext() -> Bool? { identity.withLock { $0.map { pthread_equal(pthread_self(), $0) != 0 } ?? false } }

    /// Starts to report keys, signals and the terminal's end. Call this on the thread.
    func listen(input: @escaping () -> Void, signal: @escaping (UInt32) -> Void, hangUp: @escaping () -> Void) {
        onInput = input
        onSignal = signal
        onHangUp = hangUp
        readsInput = true
        ct_forward_signals(signals)
    }

    /// Sets whether keys are read here or left to the program that the terminal is lent to. Call this on the thread.
    func readInput(_ reads: Bool) { readsInput = reads }

    /// Ends the thread when its jobs are done.
    func finish() {
        isDone.withLock { $0 = true }
        ct_counter_add(wakeups)
    }

    private func loop() {
        identity.withLock { $0 = pthread_self() }
        while true {
            var descriptors = [
                pollfd(fd: wakeups, events: Int16(POLLIN), revents: 0), pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
                pollfd(fd: readsInput ? STDIN_FILENO : -1, events: Int16(POLLIN), revents: 0),
            ]
            guard poll(&descriptors, 3, -1) >= 0 else { continue }
            if descriptors[0].revents != 0 { work() }
            if descriptors[1].revents != 0 {
                ct_counter_clear(signals)
                onSignal?(ct_take_signals())
            }
            if descriptors[2].revents & Int16(POLLIN) != 0 { onInput?() } else if descriptors[2].revents != 0 { lostTerminal() }
            if isDone.withLock({ $0 }), jobs.withLock({ $0.isEmpty }) { return }
        }
    }

    private func work() {
        ct_counter_clear(wakeups)
        let ready = jobs.withLock { queue in
            defer { queue = [] }
            return queue
        }
        for job in ready { job.runSynchronously(on: asUnownedSerialExecutor()) }
    }

    private func lostTerminal() {
        readsInput = false
        onHangUp?()
    }
}
