/// The query of a request target, with every item percent-encoded.
package struct HTTPQuery: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    private var items: [String] = []

    package init() {}

    package init(dictionaryLiteral elements: (String, String?)...) {
        for (name, value) in elements { append(name, value) }
    }

    /// Adds an item. Nil adds nothing.
    package mutating func append(_ name: String, _ value: String?) {
        if let value { items.append("\(Self.encode(name))=\(Self.encode(value))") }
    }

    /// Adds `name=1` if `isSet` is true. Engines read a missing flag as false.
    package mutating func append(_ name: String, flag isSet: Bool) {
        if isSet { append(name, "1") }
    }

    /// Adds `name=value` for each value.
    package mutating func append(_ name: String, each values: [String]) {
        for value in values { append(name, value) }
    }

    /// The query with its question mark, or an empty text if there are no items.
    package var encoded: String { items.isEmpty ? "" : "?" + items.joined(separator: "&") }

    /// Encodes a path segment or query item: everything except RFC 3986's unreserved characters and those in `also`.
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

    /// Encodes a path part, such as an image's name, but keeps the slashes, colons and @ signs that an engine expects.
    package static func encodePath(_ value: String) -> String { encode(value, alsoAllowing: "/:@") }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-._~".utf8.contains(byte)
        }
    }
}
