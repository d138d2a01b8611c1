import FoundationEssentials
import LabSupport

/// A whole journal, and a count of what is wrong with it, for reports, which must not hide anything.
package struct JournalAccount: Sendable, Equatable {
    /// All events, except those of the types to skip.
    package private(set) var events: [Event] = []
    /// Lines that aren't events. For example, a full disk or a kill can leave part of a line.
    package private(set) var unreadable = 0
    /// Missing events, according to the numbers of the events after them.
    package private(set) var missing = 0
    /// Events of unknown types, which a later version wrote.
    package private(set) var unknown = 0

    /// How the lines follow each other, those of the skipped types included.
    package private(set) var chain = ChainAccount()
    /// The largest step back of the clock between two lines, in seconds.
    package private(set) var setBack = 0.0

    private static let mark = Array("\"type\":\"".utf8)

    /// Reads a run's journal once. Of a metric it reads only the main number. Lines of the types in `skipped` are counted but not decoded.
    /// `isLiving` means that an unfinished last line is still being written.
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
                    chain.take(line)
                    continue
                }
                guard let event = Event(line, decoder, isBrief: true) else {
                    // If a full disk cut a line off, the next write begins on the same line.
                    if !line.isEmpty { tornSince += 1 }
                    continue
                }
                guard event.sequence > events.last?.sequence ?? 0 else { continue }
                chain.take(line)
                setBack = max(setBack, (events.last?.time ?? event.time) - event.time)
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
