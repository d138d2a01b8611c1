/// Unpacks a deflate stream (RFC 1951) into at most `limit` bytes.
struct Inflate {
    private let input: [UInt8]
    private let limit: Int
    private var place = 0
    private var bits = 0
    private var bitCount = 0
    private var output: [UInt8] = []

    init(_ input: [UInt8], limit: Int) {
        self.input = input
        self.limit = limit
    }

    /// A prefix code: how many symbols have each length, and the symbols in order.
    private struct Code {
        var counts = [Int](repeating: 0, count: 16)
        var symbols: [Int] = []

        init(lengths: [Int]) {
            for length in lengths { counts[length] += 1 }
            counts[0] = 0
            for length in 1..<16 { symbols += lengths.indices.filter { lengths[$0] == length } }
        }
    }

    private struct Damaged: Error {}

    /// Nil where the stream is damaged or too long.
    mutating func run() -> [UInt8]? {
        do {
            while true {
                let isLast = try take(1) == 1
                switch try take(2) {
                case 0: try stored()
                case 1: try block(Self.fixed.literals, Self.fixed.distances)
                case 2:
                    let codes = try readCodes()
                    try block(codes.literals, codes.distances)
                default: return nil
                }
                if isLast { return output }
            }
        } catch {
            return nil
        }
    }

    private mutating func take(_ count: Int) throws -> Int {
        while bitCount < count {
            guard place < input.count else { throw Damaged() }
            bits |= Int(input[place]) << bitCount
            place += 1
            bitCount += 8
        }
        let value = bits & ((1 << count) - 1)
        bits >>= count
        bitCount -= count
        return value
    }

    private mutating func symbol(_ code: Code) throws -> Int {
        var value = 0
        var first = 0
        var index = 0
        for length in 1..<16 {
            value |= try take(1)
            let count = code.counts[length]
            if value - count < first { return code.symbols[index + value - first] }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        throw Damaged()
    }

    private mutating func stored() throws {
        bits = 0
        bitCount = 0
        guard place + 4 <= input.count else { throw Damaged() }
        let length = Int(input[place]) | Int(input[place + 1]) << 8
        place += 4
        guard place + length <= input.count, output.count + length <= limit else { throw Damaged() }
        output += input[place..<place + length]
        place += length
    }

    private mutating func block(_ literals: Code, _ distances: Code) throws {
        while true {
            let value = try symbol(literals)
            if value == 256 { return }
            if value < 256 {
                guard output.count < limit else { throw Damaged() }
                output.append(UInt8(value))
                continue
            }
            guard value < 286 else { throw Damaged() }
            let length = Self.lengthBases[value - 257] + (try take(Self.lengthBits[value - 257]))
            let place = try symbol(distances)
            guard place < 30 else { throw Damaged() }
            let distance = Self.distanceBases[place] + (try take(Self.distanceBits[place]))
            guard distance <= output.count, output.count + length <= limit else { throw Damaged() }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    private mutating func readCodes() throws -> (literals: Code, distances: Code) {
        let literals = try take(5) + 257
        let distances = try take(5) + 1
        let count = try take(4) + 4
        var lengths = [Int](repeating: 0, count: 19)
        for index in 0..<count { lengths[Self.order[index]] = try take(3) }
        let code = Code(lengths: lengths)
        lengths = []
        while lengths.count < literals + distances {
            let value = try symbol(code)
            switch value {
            case 16:
                guard let last = lengths.last else { throw Damaged() }
                lengths += Array(repeating: last, count: 3 + (try take(2)))
            case 17: lengths += Array(repeating: 0, count: 3 + (try take(3)))
            case 18: lengths += Array(repeating: 0, count: 11 + (try take(7)))
            default: lengths.append(value)
            }
        }
        guard lengths.count == literals + distances else { throw Damaged() }
        return (Code(lengths: Array(lengths[..<literals])), Code(lengths: Array(lengths[literals...])))
    }

    private static let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
    ]
    private static let lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289,
        16385, 24577,
    ]
    private static let distanceBits = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]
    private static let fixed: (literals: Code, distances: Code) = {
        let lengths =
            Array(repeating: 8, count: 144) + Array(repeating: 9, count: 112) + Array(repeating: 7, count: 24)
            + Array(repeating: 8, count: 8)
        return (Code(lengths: lengths), Code(lengths: Array(repeating: 5, count: 30)))
    }()
}
