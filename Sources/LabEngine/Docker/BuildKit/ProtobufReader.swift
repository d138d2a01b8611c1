/// Reads the fields of a protobuf message one by one: https://protobuf.dev/programming-guides/encoding/
///
/// It copies nothing and never recurses: the value of a nested message is a slice, which another reader reads. Every length is compared
/// with what is left before it's used.
struct ProtobufReader {
    /// The value of a field, by its wire type.
    enum Value: Equatable {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        /// A string, a nested message or packed numbers.
        case bytes(ArraySlice<UInt8>)
    }

    /// A field's number and value.
    struct Field: Equatable {
        var number: Int
        var value: Value
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next field, or nil at the end.
    mutating func next() throws(ProtobufError) -> Field? {
        guard !rest.isEmpty else { return nil }
        let key = try varint()
        // Numbers have 29 bits, and 0 is invalid.
        guard let number = Int(exactly: key >> 3), (1..<(1 << 29)).contains(number) else { throw .fieldNumber }
        return Field(number: number, value: try value(wireType: key & 7))
    }

    private mutating func value(wireType: UInt64) throws(ProtobufError) -> Value {
        switch wireType {
        case 0: return .varint(try varint())
        case 1: return .fixed64(try fixed(8))
        case 2:
            let length = try varint()
            guard let count = Int(exactly: length), count <= rest.count else { throw .truncated }
            return .bytes(take(count))
        case 5: return .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
        // 3 and 4 are groups, which proto3 doesn't have. 6 and 7 don't exist.
        default: throw .wireType
        }
    }

    private mutating func varint() throws(ProtobufError) -> UInt64 {
        var result: UInt64 = 0
        for index in 0..<10 {
            guard let byte = rest.popFirst() else { throw .truncated }
            // Only one bit is left for the tenth byte.
            guard index < 9 || byte <= 1 else { throw .varint }
            result |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte < 0x80 { return result }
        }
        throw .varint
    }

    private mutating func fixed(_ count: Int) throws(ProtobufError) -> UInt64 {
        guard count <= rest.count else { throw .truncated }
        return take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func take(_ count: Int) -> ArraySlice<UInt8> {
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}

/// Why bytes are not a protobuf message.
enum ProtobufError: Error, Equatable {
    /// The message ends inside a field.
    case truncated
    /// A number has more than 64 bits.
    case varint
    /// A field's number is 0, or larger than protobuf allows.
    case fieldNumber
    /// A group, or a type that doesn't exist.
    case wireType
}

extension ProtobufReader.Value {
    /// The text of a string field. Nil for another type.
    var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    /// The content of a string, bytes or message field. Nil for another type.
    var bytes: ArraySlice<UInt8>? { if case .bytes(let bytes) = self { bytes } else { nil } }

    /// A number, as int64 has it. Nil for another type.
    var number: Int64? { if case .varint(let bits) = self { Int64(bitPattern: bits) } else { nil } }
}
