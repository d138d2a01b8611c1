import LabSupport

/// The chain through a journal: each line has the SHA-256 hash of the line before it, so a later change of any line but the last shows.
///
/// The link is the first member of a line. The rest of the line stays as it was without a chain, and no reader needs the link. Lines of
/// earlier versions have none.
package enum JournalChain {
    /// The link of a line with nothing before it.
    package static let origin = String(repeating: "0", count: 64)

    private static let mark = Array("{\"chain\":\"".utf8)
    private static let digits = 64
    /// The number of bytes before the rest of a linked line.
    static let linkLength = mark.count + digits + 2

    /// The line of an event with its link.
    static func linked(_ line: some Collection<UInt8>, to link: String) -> [UInt8] {
        mark + link.utf8 + "\",".utf8 + line.dropFirst()
    }

    /// The link of the next line.
    static func link(after line: some Sequence<UInt8>) -> String { SHA256.hex(of: line) }

    /// The link of a line. Nil if it has none.
    static func link(of line: Slice<UnsafeRawBufferPointer>) -> String? {
        guard line.count > linkLength, line.starts(with: mark) else { return nil }
        let start = line.startIndex + mark.count
        return String(decoding: line[start..<start + digits], as: UTF8.self)
    }
}

/// How the lines of a journal follow each other.
package struct ChainAccount: Sendable, Equatable {
    /// The link of the first line. For a run, it's the hash of the last line of the run before it. Nil in journals of earlier versions.
    package private(set) var first: String?
    /// The hash of the last line. Nil for an empty journal.
    package private(set) var head: String?
    /// All lines.
    package private(set) var lines = 0
    /// Lines that don't follow the line before them: one of the two was changed, or a line between them was added or removed.
    package private(set) var broken = 0
    /// Lines without a link after lines that have one.
    package private(set) var unlinked = 0

    /// At least one line has a link.
    package private(set) var hasLinks = false

    package init() {}

    /// True if no line shows that it was changed.
    package var isWhole: Bool { broken == 0 && unlinked == 0 }

    /// Adds the next line that is an event.
    mutating func take(_ line: Slice<UnsafeRawBufferPointer>) {
        let hash = JournalChain.link(after: UnsafeRawBufferPointer(rebasing: line))
        // After a full disk, a line can be there twice.
        guard hash != head else { return }
        let link = JournalChain.link(of: line)
        if lines == 0 { first = link }
        if let link, let head, link != head { broken += 1 }
        if link == nil, hasLinks { unlinked += 1 }
        hasLinks = hasLinks || link != nil
        lines += 1
        head = hash
    }
}
