import LabSupport

/// A header block of an archive.
struct TarHeader {
    private let block: [UInt8]

    init(block: [UInt8]) { self.block = block }

    var type: UInt8 { block[156] }
    /// Whether the content describes the next member: pax, or a long name or link of GNU.
    var isExtended: Bool { [UInt8(ascii: "x"), UInt8(ascii: "L"), UInt8(ascii: "K")].contains(type) }
    var size: Int64? { number(124, 12) }
    var mode: UInt32 { UInt32(truncatingIfNeeded: number(100, 8) ?? 0o644) }
    var modified: Int64 { number(136, 12) ?? 0 }

    /// The name, with the prefix that ustar keeps in a field of its own.
    var name: String {
        let name = text(0, 100)
        let prefix = block[257..<263].elementsEqual("ustar\u{0}".utf8) ? text(345, 155) : ""
        return prefix.isEmpty ? name : "\(prefix)/\(name)"
    }

    var hasValidChecksum: Bool {
        let sum = block.enumerated().reduce(Int64(0)) { $0 + ((148..<156).contains($1.offset) ? 32 : Int64($1.element)) }
        return number(148, 8) == sum
    }

    /// The member's kind; `link` replaces the target in the block.
    func kind(link: String?) -> TarMember.Kind {
        switch type {
        case UInt8(ascii: "0"), 0, UInt8(ascii: "7"): text(0, 100).hasSuffix("/") && type == 0 ? .directory : .file
        case UInt8(ascii: "5"): .directory
        case UInt8(ascii: "2"): .symlink(target: link ?? text(157, 100))
        case UInt8(ascii: "1"): .hardLink(target: link ?? text(157, 100))
        default: .other(type)
        }
    }

    private func text(_ offset: Int, _ count: Int) -> String {
        block[offset..<offset + count].prefix { $0 != 0 }.text
    }

    /// Octal, or GNU's binary form for large numbers.
    private func number(_ offset: Int, _ count: Int) -> Int64? {
        let field = block[offset..<offset + count]
        if let first = field.first, first & 0x80 != 0 {
            guard first == 0x80, field.dropFirst().dropLast(8).allSatisfy({ $0 == 0 }), field[field.endIndex - 8] < 0x80 else { return nil }
            return field.suffix(8).reduce(0) { $0 << 8 | Int64($1) }
        }
        let digits = field.prefix { $0 != 0 }.text.trimmingWhitespace()
        return digits.isEmpty ? 0 : Int64(digits, radix: 8)
    }
}
