import Dispatch
import FoundationEssentials
import Glibc
package import LabFile
package import LabSupport

/// Appends to a run's journal and its raw output.
///
/// Each event is one `write` of one line. Raw bytes go to `output.log` at once. The event that refers to them is written at once, too, if
/// the last one is some time ago. Otherwise it waits a moment, so that a flood becomes a few dozen lines a second: at most `coalescing`
/// seconds and `sizeLimit` bytes are without an event. It's written before any other event.
package final class JournalWriter: Sendable {
    private struct State {
        var sequence = 0
        /// The link of the next line. Nil before the first line.
        var link: String?
        var outputEnd = 0
        var pending: (task: TaskID, output: Output)?
        /// When the last output event was written.
        var flushed = -Double.infinity
        /// A timer will write the delayed event.
        var isTimed = false
        /// A write failed half way, so the next line must start on a new line.
        var torn = false
        var failure: LabError?
        /// Space to free when the disk is full, so that the run's last events can be written.
        var ballast: Int32 = -1
    }

    private static let ballastSize: off_t = 64 << 10

    /// The maximum delay of an output event, in seconds. It's shorter than the time between two deliveries of a container's output. So each
    /// delivery gets its event at once, and needs no timer.
    package static let coalescing = 0.016
    /// The maximum number of bytes of a delayed output event, apart from its last piece.
    package static let sizeLimit = 256 << 10

    /// Does `work` after `delay` seconds.
    package typealias Timer = @Sendable (_ delay: Double, _ work: @escaping @Sendable () -> Void) -> Void

    private let journal: Int32
    private let output: Int32
    private let folder: RunFolder
    private let clock: @Sendable () -> Double
    private let timer: Timer
    private let state = Locked(State())
    /// An element comes when the first write has failed. A run that can't be recorded has to stop.
    package let failures: AsyncStream<LabError>
    private let announce: AsyncStream<LabError>.Continuation

    package init(
        _ folder: RunFolder, clock: @escaping @Sendable () -> Double = { wallClock() }, timer: @escaping Timer = JournalWriter.dispatchTimer
    ) throws(LabError) {
        self.folder = folder
        self.clock = clock
        self.timer = timer
        (failures, announce) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        journal = try Files.openRegular(folder.journal, O_WRONLY | O_CREAT | O_APPEND)
        do {
            output = try Files.openRegular(folder.output, O_WRONLY | O_CREAT | O_APPEND)
        } catch {
            close(journal)
            throw error
        }
        let (ballast, failed) = Self.reserve("\(folder.path)/ballast")
        guard failed == 0 else {
            close(journal)
            close(output)
            throw Files.error(failed, folder.path)
        }
        state.withLock { $0.ballast = ballast }
    }

    /// An unlinked file. The system frees it even if this process is killed.
    private static func reserve(_ path: String) -> (descriptor: Int32, errno: Int32) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return (-1, errno) }
        unlink(path)
        let failed = posix_fallocate(descriptor, 0, ballastSize)
        guard failed == ENOSPC || failed == EDQUOT else { return (descriptor, 0) }
        close(descriptor)
        return (-1, failed)
    }

    /// A journal that stores nothing, for looking at the machine without a run.
    package static func discarding() -> JournalWriter { JournalWriter() }

    private init() {
        folder = RunFolder(path: "/dev/null", number: 0)
        clock = { wallClock() }
        timer = Self.dispatchTimer
        (failures, announce) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        journal = open("/dev/null", O_WRONLY | O_CLOEXEC)
        output = open("/dev/null", O_WRONLY | O_CLOEXEC)
    }

    package static let dispatchTimer: Timer = { delay, work in
        DispatchQueue.global().asyncAfter(deadline: .now() + delay, execute: work)
    }

    deinit {
        announce.finish()
        close(journal)
        close(output)
        _ = state.withLock { Self.drop(&$0) }
    }

    /// True if there was space to free.
    @discardableResult
    private static func drop(_ state: inout State) -> Bool {
        guard state.ballast >= 0 else { return false }
        close(state.ballast)
        state.ballast = -1
        return true
    }

    /// The first failed write.
    package var failure: LabError? { state.withLock { $0.failure } }

    /// Records an event.
    package func append(_ payload: EventPayload, task: TaskID? = nil) {
        state.withLock { state in
            flush(&state)
            write(payload, task, &state)
            if case .taskFinished = payload { fsync(journal) }
            if case .runFinished = payload { fsync(journal) }
        }
    }

    /// Records raw output of a task.
    package func output(_ bytes: [UInt8], _ stream: Output.Stream, task: TaskID) {
        guard !bytes.isEmpty else { return }
        state.withLock { state in
            // The remaining space is for the run's last events.
            guard state.failure == nil else { return }
            let failed = Files.writeAll(bytes, to: output)
            guard failed == 0 else {
                fail(Files.error(failed, folder.output), &state)
                // After a partial write, the end of the file is unknown.
                state.outputEnd = Files.size(folder.output) ?? state.outputEnd
                return
            }
            let offset = state.outputEnd
            state.outputEnd += bytes.count
            if var pending = state.pending, pending.task == task, pending.output.stream == stream {
                pending.output.length += bytes.count
                state.pending = pending
            } else {
                flush(&state)
                state.pending = (task, Output(stream: stream, offset: offset, length: bytes.count))
            }
            flushIfDue(&state)
        }
    }

    /// Notices that somebody removed or replaced the journal. Later events would be lost, so the run must stop.
    package func checkPresence() {
        var opened = stat()
        var named = stat()
        guard folder.number > 0, fstat(journal, &opened) == 0 else { return }
        if stat(folder.journal, &named) == 0 {
            if named.st_dev == opened.st_dev, named.st_ino == opened.st_ino { return }
        } else if errno != ENOENT, errno != ENOTDIR {
            // A network file system that doesn't answer for a moment has lost nothing.
            return
        }
        state.withLock { fail(.workspaceGone(folder.path, id: nil), &$0) }
    }

    /// Writes the delayed output event, or sees to it that a timer does.
    private func flushIfDue(_ state: inout State) {
        guard let pending = state.pending else { return }
        let delay = state.flushed + Self.coalescing - clock()
        // A clock that was set back must not delay anything.
        if delay <= 0 || delay > 2 * Self.coalescing || pending.output.length >= Self.sizeLimit {
            flush(&state)
        } else if !state.isTimed {
            state.isTimed = true
            timer(delay) { [weak self] in self?.timeIsUp() }
        }
    }

    private func timeIsUp() {
        state.withLock { state in
            state.isTimed = false
            flushIfDue(&state)
        }
    }

    private func flush(_ state: inout State) {
        guard let pending = state.pending else { return }
        state.pending = nil
        state.flushed = clock()
        write(.output(pending.output), pending.task, &state)
    }

    private func fail(_ error: LabError, _ state: inout State) {
        guard state.failure == nil else { return }
        state.failure = error
        announce.yield(error)
    }

    private func write(_ payload: EventPayload, _ task: TaskID?, _ state: inout State) {
        let time = (clock() * 1000).rounded() / 1000
        let event = Event(sequence: state.sequence + 1, time: time, task: task, payload: payload)
        guard let encoded = event.line else { return }
        let line = JournalChain.linked(encoded, to: state.link ?? linkBefore)
        let failed = put(line, &state)
        if failed != 0 { fail(Files.error(failed, folder.journal), &state) }
        guard failed == 0 || Self.drop(&state) && put(line, &state) == 0 else { return }
        state.link = JournalChain.link(after: line)
        state.sequence += 1
    }

    /// The link of the first line. It's asked for as late as that line is written: then this runner has the workspace's lock, and the run
    /// before it has ended.
    private var linkBefore: String {
        guard folder.number > 1 else { return JournalChain.origin }
        let number = folder.number - 1
        return JournalEnd(closed: RunFolder(path: "\(Files.folder(of: folder.path))/\(number)", number: number).journal).link
    }

    private func put(_ line: [UInt8], _ state: inout State) -> Int32 {
        let failed = Files.writeAll((state.torn ? [0x0A] : []) + line + [0x0A], to: journal)
        state.torn = failed != 0
        return failed
    }
}
