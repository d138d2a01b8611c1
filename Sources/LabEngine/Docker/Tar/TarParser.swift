import LabSupport

/// Reads an archive piece by piece, with the long names of pax and of GNU.
package struct TarParser: Sendable {
    private enum Mode {
        case header
        case content
        case extended(UInt8)
        case padding
        case skipping
        case end
    }

    private var mode = Mode.header
    private var buffer: [UInt8] = []
    private var remaining: Int64 = 0
    private var padding: Int64 = 0
    /// For the next member.
    private var extended = PaxRecords()

    /// The longest extended header, in bytes.
    private static let extensionLimit: Int64 = 1 << 20
    /// The largest member. A file can't be larger on Linux, and its length with padding still fits.
    private static let sizeLimit = Int64.max - Int64(TarBlock.size)

    package init() {}

    /// The events that a piece of the archive completes.
    package mutating func feed(_ piece: [UInt8]) throws(TarError) -> [TarEvent] {
        var events: [TarEvent] = []
        var rest = piece[...]
        while !rest.isEmpty {
            switch mode {
            case .end: return events
            case .header:
                guard let block = take(512, from: &rest) else { return events }
                try readHeader(block, &events)
            case .content:
                let part = rest.prefix(Int(min(Int64(rest.count), remaining)))
                rest = rest.dropFirst(part.count)
                remaining -= Int64(part.count)
                events.append(.data(Array(part)))
                if remaining == 0 { finishContent(&events) }
            case .extended(let type):
                guard let bytes = take(Int(remaining), from: &rest) else { return events }
                try readExtension(type, bytes)
                mode = padding == 0 ? .header : .padding
            case .skipping: skip(&rest, \.remaining, then: padding == 0 ? .header : .padding)
            case .padding: skip(&rest, \.padding, then: .header)
            }
        }
        return events
    }

    /// Checks that the archive ended between two members.
    package func finish() throws(TarError) {
        // Like tar, this accepts an archive without the two empty blocks at its end.
        switch mode {
        case .end: return
        case .header where buffer.isEmpty: return
        default: throw .damaged("the archive ends in the middle of a member")
        }
    }

    /// `count` bytes, when they have arrived.
    private mutating func take(_ count: Int, from rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        let part = rest.prefix(count - buffer.count)
        buffer += part
        rest = rest.dropFirst(part.count)
        guard buffer.count == count else { return nil }
        defer { buffer = [] }
        return buffer
    }

    private mutating func skip(_ rest: inout ArraySlice<UInt8>, _ counter: WritableKeyPath<TarParser, Int64>, then next: Mode) {
        let count = min(Int64(rest.count), self[keyPath: counter])
        rest = rest.dropFirst(Int(count))
        self[keyPath: counter] -= count
        if self[keyPath: counter] == 0 { mode = next }
    }

    private mutating func finishContent(_ events: inout [TarEvent]) {
        events.append(.memberEnd)
        mode = padding == 0 ? .header : .padding
    }

    private mutating func readHeader(_ block: [UInt8], _ events: inout [TarEvent]) throws(TarError) {
        guard block.contains(where: { $0 != 0 }) else {
            mode = .end
            return
        }
        let header = TarHeader(block: block)
        guard header.hasValidChecksum else { throw .damaged("a header with a wrong checksum") }
        // The size in an extended header is the next member's, not that of another extended header.
        let isMember = !header.isExtended && header.type != UInt8(ascii: "g")
        guard let size = (isMember ? extended.size : nil) ?? header.size, (0...Self.sizeLimit).contains(size) else {
            throw .damaged("a header with an invalid size")
        }
        remaining = size
        padding = Int64(TarBlock.padding(after: size))
        if isMember { return begin(header, size, &events) }
        if header.isExtended {
            guard size <= Self.extensionLimit else { throw .damaged("an extended header of \(size) bytes") }
            mode = size == 0 ? .header : .extended(header.type)
        } else {
            mode = size == 0 ? .header : .skipping
        }
    }

    private mutating func begin(_ header: TarHeader, _ size: Int64, _ events: inout [TarEvent]) {
        let member = TarMember(
            name: Self.withoutSlashAtEnd(extended.path ?? header.name), kind: header.kind(link: extended.linkTarget),
            mode: header.mode & 0o7777, size: size, modified: header.modified)
        extended = PaxRecords()
        events.append(.member(member))
        if member.kind == .file, size > 0 {
            mode = .content
        } else {
            events.append(.memberEnd)
            // Only a file has content. That of any other kind is skipped.
            mode = size == 0 ? .header : .skipping
        }
    }

    private mutating func readExtension(_ type: UInt8, _ bytes: [UInt8]) throws(TarError) {
        remaining = 0
        switch type {
        case UInt8(ascii: "L"): try extended.readLongName(bytes)
        case UInt8(ascii: "K"): try extended.readLongLink(bytes)
        default: try extended.read(bytes)
        }
    }

    private static func withoutSlashAtEnd(_ name: String) -> String {
        guard let last = name.utf8.lastIndex(where: { $0 != UInt8(ascii: "/") }) else { return name.isEmpty ? "" : "/" }
        return String(name[...last])
    }
}
