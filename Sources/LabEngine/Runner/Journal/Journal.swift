import FoundationEssentials
import Glibc

/// Appends to a run's journal and raw output.
///
/// Each event is one `write` of one line. Raw bytes go to `output.log` at once; the event that points at them is held back for a
/// moment so that a flood of small pieces becomes thirty lines a second, and is written before any other event.
package final class JournalWriter: Sendable {
    private struct State {
        var sequence = 0
        var outputEnd = 0
        var pending: (task: TaskID, output: Output, since: Double)?
        /// A write failed half way: the next line starts on a fresh one.
        var torn = false
        var failure: LabError?
    }

    /// Longest time that an output event is held back, seconds.
    package static let coalescing = 0.033

    private let journal: Int32
    private let output: Int32
    private let folder: RunFolder
    private let clock: @Sendable () -> Double
    private let state = Locked(State())

    package init(_ folder: RunFolder, clock: @escaping @Sendable () -> Double = { wallClock() }) throws(LabError) {
        self.folder = folder
        self.clock = clock
        journal = open(folder.journal, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard journal >= 0 else { throw Files.error(errno, folder.journal) }
        output = open(folder.output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard output >= 0 else {
            let failure = Files.error(errno, folder.output)
            close(journal)
            throw failure
        }
    }

    /// A journal that keeps nothing, for looking at the machine without a run.
    package static func discarding() -> JournalWriter { JournalWriter() }

    private init() {
        folder = RunFolder(path: "/dev/null", number: 0)
        clock = { wallClock() }
        journal = open("/dev/null", O_WRONLY | O_CLOEXEC)
        output = open("/dev/null", O_WRONLY | O_CLOEXEC)
    }

    deinit {
        close(journal)
        close(output)
    }

    /// The first write that failed; a run that can no longer be recorded has to stop.
    package var failure: LabError? { state.withLock { $0.failure } }

    /// Records that something happened.
    package func append(_ payload: EventPayload, task: TaskID? = nil) {
        state.withLock { state in
            flush(&state)
            write(payload, task, &state)
            if case .taskFinished = payload { fsync(journal) }
            if case .runFinished = payload { fsync(journal) }
        }
    }

    /// Records raw bytes that a task printed.
    package func output(_ bytes: [UInt8], _ stream: Output.Stream, task: TaskID) {
        guard !bytes.isEmpty else { return }
        state.withLock { state in
            let failed = Files.writeAll(bytes, to: output)
            guard failed == 0 else {
                state.failure = state.failure ?? Files.error(failed, folder.output)
                // Where the file ends is unknown after a partial write.
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
                state.pending = (task, Output(stream: stream, offset: offset, length: bytes.count), clock())
            }
            if let pending = state.pending, clock() - pending.since >= Self.coalescing { flush(&state) }
        }
    }

    /// Writes a held back output event that is due; called from a timer while a run goes on.
    package func flushDue() {
        state.withLock { state in
            guard let pending = state.pending, clock() - pending.since >= Self.coalescing else { return }
            flush(&state)
        }
    }

    private func flush(_ state: inout State) {
        guard let pending = state.pending else { return }
        state.pending = nil
        write(.output(pending.output), pending.task, &state)
    }

    private func write(_ payload: EventPayload, _ task: TaskID?, _ state: inout State) {
        let time = (clock() * 1000).rounded() / 1000
        let event = Event(sequence: state.sequence + 1, time: time, task: task, payload: payload)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let line = try? encoder.encode(event) else { return }
        let failed = Files.writeAll((state.torn ? [0x0A] : []) + Array(line) + [0x0A], to: journal)
        state.torn = failed != 0
        if failed == 0 {
            state.sequence += 1
        } else {
            state.failure = state.failure ?? Files.error(failed, folder.journal)
        }
    }
}

/// Seconds since 1970.
package func wallClock() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

/// Reads journals, also while they are being written.
package struct JournalReader: Sendable {
    private let path: String
    private var offset = 0
    private var partial: [UInt8] = []

    package init(_ folder: RunFolder) { path = folder.journal }

    /// The events that were completed since the last call. A line that is not an event, such as one torn by a full disk, is passed over.
    package mutating func readNew() -> [Event] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = pread(descriptor, &buffer, buffer.count, off_t(offset))
            guard count > 0 else { break }
            partial += buffer[..<count]
            offset += count
        }
        var events: [Event] = []
        let decoder = JSONDecoder()
        var start = partial.startIndex
        while let end = partial[start...].firstIndex(of: 0x0A) {
            if let event = try? decoder.decode(Event.self, from: Data(partial[start..<end])) { events.append(event) }
            start = end + 1
        }
        partial.removeSubrange(..<start)
        return events
    }

    /// All events of a run so far.
    package static func events(of folder: RunFolder) -> [Event] {
        var reader = JournalReader(folder)
        return reader.readNew()
    }
}

extension Output {
    /// The bytes that this event points at.
    package func bytes(in folder: RunFolder) -> [UInt8] {
        let descriptor = open(folder.output, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: length)
        let count = pread(descriptor, &bytes, length, off_t(offset))
        return count > 0 ? Array(bytes[..<count]) : []
    }
}
