import FoundationEssentials

/// Any JSON value, for responses whose structure ailab does not define.
package enum JSONValue: Sendable, Equatable, Decodable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let flag = try? container.decode(Bool.self) {
            self = .flag(flag)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let list = try? container.decode([JSONValue].self) {
            self = .list(list)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }

    package init?(_ bytes: [UInt8]) {
        guard let value = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else { return nil }
        self = value
    }

    /// The value that a JSON Pointer (RFC 6901) names, or nil if there is none.
    package func at(_ pointer: String) -> JSONValue? {
        guard pointer.isEmpty || pointer.hasPrefix("/") else { return nil }
        var value = self
        for part in pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
            let key = part.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")
                .split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
            switch value {
            case .object(let members):
                guard let next = members[key] else { return nil }
                value = next
            case .list(let items):
                guard let index = Self.index(key), items.indices.contains(index) else { return nil }
                value = items[index]
            default: return nil
            }
        }
        return value
    }

    /// An array index of a JSON Pointer: RFC 6901 allows neither signs nor leading zeros.
    private static func index(_ key: String) -> Int? {
        guard key.utf8.allSatisfy({ (0x30...0x39).contains($0) }), key == "0" || !key.hasPrefix("0") else { return nil }
        return Int(key)
    }

    /// A scalar as a person writes it. Nil for lists and objects.
    package var scalar: String? {
        switch self {
        case .null: "null"
        case .flag(let flag): String(flag)
        case .number(let number): number == number.rounded() && abs(number) < 0x1p53 ? String(Int(number)) : String(number)
        case .text(let text): text
        case .list, .object: nil
        }
    }
}
