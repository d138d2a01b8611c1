import Glibc

/// Damages inputs as nobody would write them. Seeded, so each of them can be had again.
package struct Mutations {
    private var numbers: SplitMix
    private let seed: UInt64

    /// Parts that have broken parsers: limits of numbers, NULs, signs, brackets, and characters that nobody sees.
    private static let words: [[UInt8]] =
        [
            "9223372036854775807", "-9223372036854775808", "18446744073709551616", "-1", "0", "1e999", "-5", "nan", "7fffffffffffffff",
            "\0", "\n",
            "\r\n\r\n", "\t", " ", "\"", "\\", "\\u0000", "\u{1B}[31m", "\u{202E}", "\u{200B}", "\u{FEFF}", "${", "}", "[[[[[[[[", "{{{{",
            "&a [*a]",
            "*a*a*a*b", "**/", "[^", "../", "%s", "null", "true", "=", ":", ";", "\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
        ].map { Array($0.utf8) } + [[0xFF], [0x80], [0xC3], [0xF0, 0x9F], [0, 0, 0, 0], [0x7F, 0xFF, 0xFF, 0xFF]]

    /// Mutations for the test `name`. Prints how to repeat them.
    package init(for name: String) { (seed, numbers) = SplitMix.printed(for: name) }

    /// From `AILAB_FUZZ`.
    package static let factor = max(1, getenv("AILAB_FUZZ").flatMap { Int(String(cString: $0)) } ?? 1)

    /// Calls `body` with so many damaged forms of the inputs, one after the other. `AILAB_FUZZ` multiplies the number.
    package mutating func run(_ count: Int, of inputs: [[UInt8]], _ body: ([UInt8]) throws -> Void) rethrows {
        for _ in 0..<count * Self.factor { try body(next(inputs)) }
    }

    /// A damaged form of one of the inputs.
    package mutating func next(_ inputs: [[UInt8]]) -> [UInt8] {
        var bytes = inputs.randomElement(using: &numbers) ?? []
        for _ in 0..<Int.random(in: 1...4, using: &numbers) { change(&bytes, inputs) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8], _ inputs: [[UInt8]]) {
        guard !bytes.isEmpty else { return bytes = Self.words.randomElement(using: &numbers) ?? [] }
        let start = Int.random(in: 0..<bytes.count, using: &numbers)
        let end = min(bytes.count, start + Int.random(in: 0...24, using: &numbers))
        switch Int.random(in: 0..<9, using: &numbers) {
        case 0: bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
        case 1: bytes[start] = UInt8.random(in: 0...255, using: &numbers)
        case 2: bytes.removeSubrange(start..<end)
        case 3: bytes.insert(contentsOf: bytes[start..<end], at: start)
        case 4, 5: bytes.replaceSubrange(start..<end, with: Self.words.randomElement(using: &numbers) ?? [])
        case 6: bytes.removeSubrange(start...)
        case 7: digits(&bytes, from: start)
        default:
            let other = inputs.randomElement(using: &numbers) ?? []
            bytes = Array(bytes[..<start] + other.suffix(Int.random(in: 0...other.count, using: &numbers)))
        }
    }

    /// Replaces the next number.
    private mutating func digits(_ bytes: inout [UInt8], from start: Int) {
        guard let first = bytes[start...].firstIndex(where: { (0x30...0x39).contains($0) }) else { return }
        let end = bytes[first...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.count
        bytes.replaceSubrange(first..<end, with: Self.words.prefix(9).randomElement(using: &numbers) ?? [])
    }
}
