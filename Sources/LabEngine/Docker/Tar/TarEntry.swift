package import LabSupport

/// One member of an archive to be written.
package struct TarEntry: Sendable, Equatable {
    /// The kind of a member and the source of its bytes.
    package enum Content: Sendable, Equatable {
        case directory
        case symlink(target: [UInt8])
        case memory([UInt8])
        /// A file on the host.
        case file(PathBelow, size: Int64)
    }

    /// The path inside the archive, without slashes at either end. It's bytes, so a name that is not UTF-8 is sent unchanged.
    package var name: [UInt8]
    /// The permission bits.
    package var mode: UInt32
    /// Seconds since 1970.
    package var modified: Int64
    package var content: Content

    package init(name: [UInt8], mode: UInt32, modified: Int64, content: Content) {
        self.name = name
        self.mode = mode
        self.modified = modified
        self.content = content
    }

    /// Bytes after the header.
    var size: Int64 {
        switch content {
        case .directory, .symlink: 0
        case .memory(let bytes): Int64(bytes.count)
        case .file(_, let size): size
        }
    }

    /// Bytes of the member in the archive: headers, contents, and padding to whole blocks.
    var archivedLength: Int64 { Int64(header().count) + TarBlock.padded(size) }
}

extension TarEntry {
    /// The member's header. A pax header precedes it if a name exceeds 100 bytes or the size reaches 8 GiB.
    func header() -> [UInt8] {
        let path = archivedName
        var records: [UInt8] = []
        if path.count > 100 { records += Self.paxRecord("path", path) }
        if linkTarget.count > 100 { records += Self.paxRecord("linkpath", linkTarget) }
        if size >= 1 << 33 { records += Self.paxRecord("size", Array(String(size).utf8)) }
        var all: [UInt8] = []
        if !records.isEmpty {
            let name = Array("PaxHeaders/".utf8) + (name.split(separator: UInt8(ascii: "/")).last ?? []).prefix(80)
            all += Self.block(name: name, link: [], type: "x", mode: 0o644, size: Int64(records.count), modified: modified)
            all += records + [UInt8](repeating: 0, count: TarBlock.padding(after: Int64(records.count)))
        }
        all += Self.block(name: path, link: linkTarget, type: type, mode: mode, size: size < 1 << 33 ? size : 0, modified: modified)
        return all
    }

    private var archivedName: [UInt8] {
        if case .directory = content { return name + [UInt8(ascii: "/")] }
        return name
    }

    private var linkTarget: [UInt8] {
        if case .symlink(let target) = content { return target }
        return []
    }

    private var type: Character {
        switch content {
        case .directory: "5"
        case .symlink: "2"
        case .memory, .file: "0"
        }
    }

    private static func block(name: [UInt8], link: [UInt8], type: Character, mode: UInt32, size: Int64, modified: Int64) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: TarBlock.size)
        func put(_ bytes: some Collection<UInt8>, at offset: Int) { block.replaceSubrange(offset..<offset + bytes.count, with: bytes) }
        put(name.prefix(100), at: 0)
        put(octal(Int64(mode), digits: 7), at: 100)
        // Owner 0:0, as in docker's client: a file's owner on the student's machine means nothing in the image.
        put(octal(0, digits: 7), at: 108)
        put(octal(0, digits: 7), at: 116)
        put(octal(size, digits: 11), at: 124)
        put(octal(max(0, modified), digits: 11), at: 136)
        put([UInt8](repeating: UInt8(ascii: " "), count: 8), at: 148)
        put(String(type).utf8, at: 156)
        put(link.prefix(100), at: 157)
        put("ustar\u{0}00".utf8, at: 257)
        let sum = block.reduce(0) { $0 + Int64($1) }
        put(octal(sum, digits: 6) + [0, UInt8(ascii: " ")], at: 148)
        return block
    }

    private static func octal(_ value: Int64, digits: Int) -> [UInt8] {
        let text = String(value, radix: 8)
        return Array(String(repeating: "0", count: max(0, digits - text.count)).utf8) + Array(text.utf8)
    }

    /// `length key=value\n`. The length includes itself.
    private static func paxRecord(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let rest = [UInt8(ascii: " ")] + Array(key.utf8) + [UInt8(ascii: "=")] + value + [UInt8(ascii: "\n")]
        var length = rest.count + 1
        while String(length).utf8.count + rest.count != length { length = String(length).utf8.count + rest.count }
        return Array(String(length).utf8) + rest
    }
}
