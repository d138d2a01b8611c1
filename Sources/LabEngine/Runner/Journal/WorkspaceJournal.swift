import FoundationEssentials
import Glibc
package import LabFile
package import LabSupport

/// The journal of what happens to a lab outside of its runs: skips, resets, looks at the machine, and edits of the student's files.
///
/// Any process can append at any time, even during a run. Each append takes a lock, so that lines, numbers and the chain of different
/// processes don't mix.
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
        let descriptor = try Files.openRegular(path, O_RDWR | O_CREAT | O_APPEND)
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 { guard errno == EINTR else { throw Files.error(errno, path) } }
        let end = JournalEnd(of: descriptor)
        var link = end.link
        let stamp = (time * 1000).rounded() / 1000
        // If a full disk cut the last line off, this event must not become part of it.
        var bytes: [UInt8] = end.isTorn ? [0x0A] : []
        for (index, one) in happened.enumerated() {
            let event = Event(sequence: end.sequence + 1 + index, time: stamp, task: one.task, payload: one.payload)
            guard let encoded = event.line else { continue }
            let line = JournalChain.linked(encoded, to: link)
            link = JournalChain.link(after: line)
            bytes += line + [0x0A]
        }
        try Files.write(bytes, to: descriptor, of: path)
        fsync(descriptor)
    }
}
