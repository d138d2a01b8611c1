/// The part of a target behind the question mark, percent-encoded item by item.
package struct HTTPQuery: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    private var items: [String] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, String?)...) {
        for (name, value) in elements { append(name, value) }
    }

    /// Adds an item; nil adds nothing.
    package mutating func append(_ name: String, _ value: String?) {
        if let value { items.append("\(Self.encode(name))=\(Self.encode(value))") }
    }

    /// Adds `name=1` where `isSet`: an engine reads a missing flag as no.
    package mutating func append(_ name: String, flag isSet: Bool) {
        if isSet { append(name, "1") }
    }

    /// Adds `name=value` for each value.
    package mutating func append(_ name: String, each values: [String]) {
        for value in values { append(name, value) }
    }

    /// With its question mark; empty where there are no items.
    package var encoded: String { items.isEmpty ? "" : "?" + items.joined(separator: "&") }

    /// One path segment or query item with everything but RFC 3986's unreserved characters encoded; `also` names exceptions.
    package static func encode(_ text: String, alsoAllowing also: String = "") -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isUnreserved(byte) || also.utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A path segment, such as an image's name, whose slashes and colons an engine wants to see as they are.
    package static func encodePath(_ value: String) -> String { encode(value, alsoAllowing: "/:@") }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._~".utf8.contains(byte)
        }
    }
}
