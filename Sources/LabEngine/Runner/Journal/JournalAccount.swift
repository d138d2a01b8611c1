import FoundationEssentials
import LabSupport

/// A whole journal with an account of what is wrong with it: for those who must not pass anything over in silence.
package struct JournalAccount: Sendable, Equatable {
    /// Everything that is of another type than those left out.
    package private(set) var events: [Event] = []
    /// Lines that are no event, such as one torn by a full disk or a kill.
    package private(set) var unreadable = 0
    /// Events that must have been there, as their successors are numbered.
    package private(set) var missing = 0
    /// Events of a type that only a later version knows.
    package private(set) var unknown = 0

    private static let mark = Array("\"type\":\"".utf8)

    /// Reads a run's journal once; of metrics without what else came with them. Lines of the types in `skipped` are counted and not read
    /// further. `isLiving`: an unfinished last line
    /// is being written.
    package init(of folder: RunFolder, skipping skipped: [String], isLiving: Bool = false) {
        self.init(path: folder.journal, skipping: skipped, isLiving: isLiving)
    }

    /// The same for any journal.
    package init(path: String, skipping skipped: [String] = [], isLiving: Bool = false) {
        guard let bytes = try? Files.read(path) else { return }
        let passed = skipped.map { Array(($0 + "\"").utf8) }
        let decoder = JSONDecoder()
        var position = 0
        var tornSince = 0
        bytes.withUnsafeBytes { raw in
            var rest = raw[...]
            while let line = rest.popLine() {
                if let type = line.end(of: Self.mark), line.last == UInt8(ascii: "}"),
                    passed.contains(where: { line[type...].starts(with: $0) })
                {
                    position += 1
                    continue
                }
                guard
                    let event = MetricLine.event(UnsafeRawBufferPointer(rebasing: line))
                        ?? (try? decoder.decode(Event.self, from: Data(line)))
                else {
                    // A line whose end did not get onto a full disk begins the one that is written after it.
                    if !line.isEmpty { tornSince += 1 }
                    continue
                }
                guard event.sequence > events.last?.sequence ?? 0 else { continue }
                missing += max(0, event.sequence - position - 1 - tornSince)
                unreadable += tornSince
                tornSince = 0
                position = event.sequence
                if case .unknown = event.payload { unknown += 1 }
                events.append(event)
            }
            unreadable += tornSince
            if !rest.isEmpty, !isLiving { unreadable += 1 }
        }
    }
}
