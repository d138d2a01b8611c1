/// The query part of a request's target, values percent-encoded, absent values left out.
package struct Query: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    private var items: [String] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, String?)...) {
        for (name, value) in elements { add(name, value) }
    }

    /// Adds `name=value`; nothing where the value is nil.
    package mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        items.append("\(name)=\(Self.encoded(value))")
    }

    /// Adds `name=1` where `value` is true.
    package mutating func add(_ name: String, flag value: Bool) {
        if value { items.append("\(name)=1") }
    }

    /// Adds `name=value` for each value.
    package mutating func add(_ name: String, each values: [String]) {
        for value in values { add(name, value) }
    }

    /// `?a=1&b=2`, or nothing where the query is empty.
    package var text: String { items.isEmpty ? "" : "?" + items.joined(separator: "&") }

    /// A value with everything but letters, digits and `-._~` percent-encoded.
    package static func encoded(_ value: String) -> String { percentEncoded(value, alsoAllowed: "") }

    /// A path segment, such as an image's name, whose slashes and colons the engine wants to see as they are.
    package static func pathEncoded(_ value: String) -> String { percentEncoded(value, alsoAllowed: "/:@") }

    private static func percentEncoded(_ value: String, alsoAllowed: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(value.utf8.count)
        for byte in value.utf8 {
            if isUnreserved(byte) || alsoAllowed.utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }
}
