import LabSupport

/// Reads an archive as it arrives, including the long names of pax and GNU.
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
    private var overrides: [String: String] = [:]

    /// Maximum size of long names, long links and pax headers, in bytes. Larger ones are refused.
    private static let extensionLimit: Int64 = 1 << 20

    package init() {}

    /// The events that a piece of the archive completed.
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

    /// Throws if the archive ended inside a member.
    package func finish() throws(TarError) {
        // An archive without the two empty blocks at its end is valid, as in tar.
        switch mode {
        case .end: return
        case .header where buffer.isEmpty: return
        default: throw .malformed("the archive ends in the middle of a member")
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
        guard header.hasValidChecksum, let size = overrides["size"].flatMap({ Int64($0) }) ?? header.size, size >= 0 else {
            throw .malformed("a header with a wrong checksum or size")
        }
        remaining = size
        padding = Int64(TarBlock.padding(after: size))
        switch header.type {
        case UInt8(ascii: "x"), UInt8(ascii: "L"), UInt8(ascii: "K"):
            guard size <= Self.extensionLimit else { throw .malformed("an extended header of \(size) bytes") }
            mode = size == 0 ? .header : .extended(header.type)
        case UInt8(ascii: "g"):
            mode = size == 0 ? .header : .skipping
        default:
            try begin(header, size, &events)
        }
    }

    private mutating func begin(_ header: TarHeader, _ size: Int64, _ events: inout [TarEvent]) throws(TarError) {
        let member = TarMember(
            name: Self.withoutSlashAtEnd(overrides["path"] ?? header.name), kind: header.kind(link: overrides["linkpath"]),
            mode: header.mode & 0o7777, size: size, modified: header.modified)
        overrides = [:]
        events.append(.member(member))
        if member.kind == .file, size > 0 {
            mode = .content
        } else {
            events.append(.memberEnd)
            // Only a file has contents. Skip what another kind claims to have.
            mode = size == 0 ? .header : .skipping
        }
    }

    private mutating func readExtension(_ type: UInt8, _ bytes: [UInt8]) throws(TarError) {
        remaining = 0
        switch type {
        case UInt8(ascii: "L"): overrides["path"] = bytes.prefix { $0 != 0 }.text
        case UInt8(ascii: "K"): overrides["linkpath"] = bytes.prefix { $0 != 0 }.text
        default: try readPax(bytes[...])
        }
    }

    /// Reads records of the form `length key=value\n`.
    private mutating func readPax(_ records: ArraySlice<UInt8>) throws(TarError) {
        var rest = records
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")), let length = Int(rest[..<space].text), length > 0,
                length <= rest.count, let equals = rest[space...].firstIndex(of: UInt8(ascii: "=")), equals < rest.startIndex + length
            else { throw .malformed("a broken pax header") }
            let end = rest.startIndex + length
            overrides[rest[(space + 1)..<equals].text] = rest[(equals + 1)..<(end - 1)].text
            rest = rest[end...]
        }
    }

    private static func withoutSlashAtEnd(_ name: String) -> String {
        var name = name
        while name.count > 1, name.hasSuffix("/") { name.removeLast() }
        return name
    }
}
