import FoundationEssentials
import Glibc
import LabSupport

/// Reads journals, even while they are being written.
package struct JournalReader: Sendable {
    private let path: String
    private var offset = 0
    private var partial: [UInt8] = []
    private var lastSequence = 0

    package init(_ folder: RunFolder) { self.init(path: folder.journal) }

    package init(path: String) { self.path = path }

    /// The events that were completed since the last call. Lines that aren't events are ignored. For example, a full disk can leave part of
    /// a line.
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
            let event = try? decoder.decode(Event.self, from: Data(partial[start..<end]))
            // A line that was cut off by a full disk is written again.
            if let event, event.sequence > lastSequence {
                events.append(event)
                lastSequence = event.sequence
            }
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
                guard let event = try? decoder.decode(Event.self, from: Data(line)) else { continue }
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
    package func bytes(in folder: RunFolder) -> [UInt8] {
        let descriptor = open(folder.output, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        // Another program may have written the journal: no event refers to more than the file has, nor to so much at once.
        var status = stat()
        guard fstat(descriptor, &status) == 0, offset >= 0, offset < Int(status.st_size) else { return [] }
        let length = min(max(0, self.length), Int(status.st_size) - offset, Self.readLimit)
        var bytes = [UInt8](repeating: 0, count: length)
        let count = pread(descriptor, &bytes, length, off_t(offset))
        return count > 0 ? Array(bytes[..<count]) : []
    }
}
