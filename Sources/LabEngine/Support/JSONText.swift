import FoundationEssentials

/// Writes JSON on one line.
package enum JSONText {
    /// The form of the members' names.
    package enum Names: Sendable {
        case asDeclared
        /// `elapsedS` becomes `elapsed_s`.
        case snakeCase
    }

    /// One object with the members of all values, which are objects themselves and share no names. `schema` comes first, so that a reader
    /// knows the form before the rest; the others follow in the order of their names.
    package static func line(_ values: any Encodable..., schema: Int = 1, names: Names = .asDeclared) -> String {
        let members = text(Joined(values: values), names: names).dropFirst()
        return "{\"schema\":\(schema)\(members == "}" ? "" : ",")\(members)"
    }

    /// A value as an object of its own.
    package static func object(_ value: some Encodable) -> String { text(value) }

    /// `["a","b"]`.
    package static func array(_ values: [String]) -> String { text(values) }

    /// `"a"`.
    package static func string(_ value: String) -> String { text(value) }

    private struct Joined: Encodable {
        var values: [any Encodable]

        func encode(to encoder: any Encoder) throws {
            for value in values { try value.encode(to: encoder) }
        }
    }

    private static func text(_ value: some Encodable, names: Names = .asDeclared) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if case .snakeCase = names { encoder.keyEncodingStrategy = .convertToSnakeCase }
        // JSON has no such numbers, and the encoder would refuse the whole value.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let bytes = try? encoder.encode(value) else { preconditionFailure("with every number allowed, nothing is refused") }
        return escaped(bytes)
    }

    /// JSON with an escape for each character that must not reach a terminal as it is. It stays the same JSON: such characters occur only in
    /// strings.
    private static func escaped(_ json: some Collection<UInt8>) -> String {
        let text = String(decoding: json, as: UTF8.self)
        guard json.contains(where: { $0 >= 0x7F }) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.hazard == nil || scalar.value < 0x20 {
                result.append(scalar)
            } else {
                for unit in UTF16.encode(scalar) ?? UTF16.EncodedScalar() {
                    let digits = String(unit, radix: 16)
                    result.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
                }
            }
        }
        return String(result)
    }
}
