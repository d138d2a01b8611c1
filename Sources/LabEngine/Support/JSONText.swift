import FoundationEssentials

/// Writes small pieces of JSON without an encodable type.
package enum JSONText {
    /// `["a","b"]`.
    package static func array(_ values: [String]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        return (try? encoder.encode(values)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}

extension JSONText {
    /// One JSON object on one line, with its members in the given order.
    package static func object(_ members: [(String, JSONValue)]) -> String {
        "{" + members.map { "\(quoted($0)):\(text($1))" }.joined(separator: ",") + "}"
    }

    /// Any value as JSON on one line. Object members are sorted by name.
    package static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .flag(let flag): String(flag)
        case .number: value.scalar ?? "null"
        case .text(let text): quoted(text)
        case .list(let items): "[" + items.map { text($0) }.joined(separator: ",") + "]"
        case .object(let members): object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
        }
    }

    private static func quoted(_ text: String) -> String { String(array([text]).dropFirst().dropLast()) }
}
