import FoundationEssentials
import Glibc
package import LabFile
package import LabSupport

/// The journal of what happens to a lab outside of its runs: skips, resets, looks at the machine, and edits of the student's files.
///
/// Any process can append at any time, even during a run. Each append takes a lock, so that lines and numbers of different processes don't
/// mix.
package struct WorkspaceJournal: Sendable {
    private let path: String

    package init(_ workspace: Workspace, lab: String) { path = workspace.events(lab: lab) }

    /// All events so far.
    package var events: [Event] {
        var reader = self.reader
        return reader.readNew()
    }

    /// A reader for events that are appended later.
    package var reader: JournalReader { JournalReader(path: path) }

    /// Records an event.
    package func append(_ payload: EventPayload, task: TaskID? = nil) throws(LabError) { try append([(task, payload)]) }

    /// Records several events that happened together.
    package func append(_ happened: [(task: TaskID?, payload: EventPayload)], at time: Double = wallClock()) throws(LabError) {
        guard !happened.isEmpty else { return }
        let descriptor = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Files.error(errno, path) }
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 { guard errno == EINTR else { throw Files.error(errno, path) } }
        let (last, isTorn) = Self.end(of: descriptor)
        let stamp = (time * 1000).rounded() / 1000
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // If a full disk cut the last line off, this event must not become part of it.
        var bytes: [UInt8] = isTorn ? [0x0A] : []
        for (index, one) in happened.enumerated() {
            let event = Event(sequence: last + 1 + index, time: stamp, task: one.task, payload: one.payload)
            guard let line = try? encoder.encode(event) else { continue }
            bytes += line + [0x0A]
        }
        let failed = Files.writeAll(bytes, to: descriptor)
        guard failed == 0 else { throw Files.error(failed, path) }
        fsync(descriptor)
    }

    /// The number of the last event, and whether the last line is unfinished.
    private static func end(of descriptor: Int32) -> (sequence: Int, isTorn: Bool) {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size > 0 else { return (0, false) }
        var length = min(size, 64 << 10)
        while true {
            var bytes = [UInt8](repeating: 0, count: length)
            let count = max(0, pread(descriptor, &bytes, length, off_t(size - length)))
            let isTorn = count < length || bytes.last != 0x0A
            let lines = bytes[..<count].split(separator: 0x0A)
            let decoder = JSONDecoder()
            for line in lines.reversed() {
                if let event = try? decoder.decode(Event.self, from: Data(line)) { return (event.sequence, isTorn) }
            }
            guard length < size else { return (0, isTorn) }
            length = min(size, length * 4)
        }
    }
}
