import FoundationEssentials
import Glibc
package import LabSupport

/// Reads journals, even while they are being written.
package struct JournalReader: Sendable {
    private static let readSize = 1 << 18
    /// No line of ours is longer.
    private static let lineLimit = 64 << 20
    /// More isn't read of a journal. It's a file with a hole, or one that a program fills without end.
    private static let sizeLimit = 1 << 30

    private let path: String
    /// Stays open between calls: a watcher reads many times a second.
    private var file: OpenedFile?
    private var offset = 0
    private var partial: [UInt8] = []
    private var lastSequence = 0
    /// The first line of the file. It has the time, so two journals don't share it.
    private var firstLine: [UInt8]?
    /// The first line and the last event of the file that was replaced.
    private var replaced: (firstLine: [UInt8], lastSequence: Int)?

    package init(_ folder: RunFolder) { self.init(path: folder.journal) }

    package init(path: String) { self.path = path }

    /// The events that were completed since the last call. Lines that aren't events are ignored. For example, a full disk can leave part of
    /// a line.
    package mutating func readNew() -> [Event] {
        var size = file?.sizeIfPresent
        if file != nil, size == nil { beginAgain() }
        if file == nil {
            file = OpenedFile(path)
            size = file?.size
        }
        guard let file, let size, size > offset else { return [] }
        let end = min(size, Self.sizeLimit)
        var events: [Event] = []
        let decoder = JSONDecoder()
        var first: [UInt8]?
        while offset < end {
            let bytes = file.bytes(at: offset, count: min(end - offset, Self.readSize))
            guard !bytes.isEmpty else { break }
            offset += bytes.count
            partial += bytes
            // The library compares many bytes at a time.
            guard bytes.withUnsafeBytes({ $0.baseAddress.flatMap { memchr($0, 0x0A, bytes.count) } }) != nil else {
                // What comes until the line's end is no event, either.
                if partial.count > Self.lineLimit { partial = [] }
                continue
            }
            let read = partial.withUnsafeBytes { raw in
                var rest = raw[...]
                while let line = rest.popLine() {
                    if first == nil { first = Array(line) }
                    guard let event = Event(line, decoder) else { continue }
                    events.append(event)
                }
                return rest.startIndex
            }
            partial.removeSubrange(..<read)
        }
        if firstLine == nil, let first { take(firstLine: first) }
        // A line that was cut off by a full disk is written again.
        events.removeAll { event in
            defer { lastSequence = max(lastSequence, event.sequence) }
            return event.sequence <= lastSequence
        }
        return events
    }

    /// Another file has the journal's name. It may be another journal, or a copy of the same one, as editors and backups leave it.
    private mutating func beginAgain() {
        let known = firstLine.map { ($0, lastSequence) } ?? replaced
        self = JournalReader(path: path)
        replaced = known
    }

    private mutating func take(firstLine line: [UInt8]) {
        firstLine = line
        if let replaced, replaced.firstLine == line { lastSequence = replaced.lastSequence }
        replaced = nil
    }

    /// All events of a run so far.
    package static func events(of folder: RunFolder) -> [Event] {
        var reader = JournalReader(folder)
        return reader.readNew()
    }

    /// The events of a run with one of `types`. Lines of other types, which are most of a journal, aren't decoded.
    package static func events(of folder: RunFolder, types: [String]) -> [Event] {
        guard let bytes = try? Files.read(folder.journal) else { return [] }
        // Quotes within texts are escaped, so these bytes appear only before an event's type.
        let mark = Array("\"type\":\"".utf8)
        let wanted = types.map { Array(($0 + "\"").utf8) }
        let decoder = JSONDecoder()
        var events: [Event] = []
        bytes.withUnsafeBytes { raw in
            var rest = raw[...]
            while let line = rest.popLine() {
                guard let type = line.end(of: mark), wanted.contains(where: { line[type...].starts(with: $0) }) else { continue }
                guard let event = Event(line, decoder) else { continue }
                if event.sequence > events.last?.sequence ?? 0 { events.append(event) }
            }
        }
        return events
    }
}

extension Slice<UnsafeRawBufferPointer> {
    /// Removes the first line. Nil if no line is complete.
    mutating func popLine() -> Self? {
        let bytes = UnsafeRawBufferPointer(rebasing: self)
        guard let start = bytes.baseAddress, let end = memchr(start, 0x0A, bytes.count) else { return nil }
        let length = UnsafeRawPointer(end) - start
        defer { self = self[(startIndex + length + 1)...] }
        return self[startIndex..<startIndex + length]
    }

    /// The index after the first occurrence of `mark`.
    func end(of mark: [UInt8]) -> Int? {
        // Only the last byte, a quotation mark, is searched for, because the library compares many bytes at a time.
        guard let last = mark.last, let base = base.baseAddress else { return nil }
        var index = startIndex + mark.count - 1
        while index < endIndex, let found = memchr(base + index, Int32(last), endIndex - index) {
            index = UnsafeRawPointer(found) - base + 1
            if self[(index - mark.count)..<index].elementsEqual(mark) { return index }
        }
        return nil
    }
}

extension Output {
    /// The most bytes that are read for one event. A runner writes less within the delay of an event.
    private static let readLimit = 256 << 20

    /// The bytes that this event refers to.
    package func bytes(in folder: RunFolder) -> [UInt8] { bytes(in: OpenedFile(folder.output)) }

    /// The same from a run's `output.log` that stays open.
    package func bytes(in file: OpenedFile?) -> [UInt8] {
        // Another program may have written the journal: no event refers to more than the file has, nor to so much at once.
        guard let file, offset >= 0, offset < file.size else { return [] }
        return file.bytes(at: offset, count: min(max(0, length), file.size - offset, Self.readLimit))
    }
}
