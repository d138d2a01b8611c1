import LabSupport

/// What an extended header says about the next member: pax records, or one long name of GNU.
///
/// The format: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html#tag_20_94_13_03
struct PaxRecords: Sendable {
    private(set) var path: String?
    private(set) var linkTarget: String?
    private(set) var size: Int64?

    /// Takes records of `length key=value\n`, where the length counts itself.
    mutating func read(_ records: [UInt8]) throws(TarError) {
        var rest = records[...]
        while !rest.isEmpty {
            guard let space = rest.firstIndex(of: UInt8(ascii: " ")), let length = Self.number(rest[..<space]),
                length <= rest.count, let last = rest.prefix(Int(length)).indices.last, rest[last] == UInt8(ascii: "\n"), space < last,
                let equals = rest[space..<last].firstIndex(of: UInt8(ascii: "=")), equals > space + 1
            else { throw .damaged("a pax header with an invalid record") }
            try set(rest[(space + 1)..<equals].text, rest[(equals + 1)..<last])
            rest = rest[(last + 1)...]
        }
    }

    /// A name of GNU's kind, which ends at its first NUL.
    mutating func readLongName(_ bytes: [UInt8]) throws(TarError) { path = try Self.longName(bytes) }

    /// A link's target of GNU's kind.
    mutating func readLongLink(_ bytes: [UInt8]) throws(TarError) { linkTarget = try Self.longName(bytes) }

    private mutating func set(_ key: String, _ value: ArraySlice<UInt8>) throws(TarError) {
        // A record without a value takes back what an earlier one said. Other keys don't matter here, and may hold any bytes.
        switch key {
        case "path": path = value.isEmpty ? nil : try Self.name(value)
        case "linkpath": linkTarget = value.isEmpty ? nil : try Self.name(value)
        case "size":
            guard value.isEmpty || Self.number(value) != nil else { throw .damaged("a pax header with an invalid size") }
            size = Self.number(value)
        default: break
        }
    }

    /// System calls end a name at its first NUL, after everything has checked the whole of it.
    private static func name(_ bytes: ArraySlice<UInt8>) throws(TarError) -> String {
        guard !bytes.contains(0) else { throw .unsafe(name: bytes.text) }
        return bytes.text
    }

    private static func longName(_ bytes: [UInt8]) throws(TarError) -> String {
        let name = bytes.prefix { $0 != 0 }
        guard bytes[name.endIndex...].allSatisfy({ $0 == 0 }) else { throw .unsafe(name: bytes[...].text) }
        return name.text
    }

    /// A decimal number without a sign.
    private static func number(_ bytes: ArraySlice<UInt8>) -> Int64? {
        bytes.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(bytes.text) : nil
    }
}
