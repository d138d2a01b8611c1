/// The line with which an instruction begins in the output of a build: `Step 3/7 : RUN make`. Only ailab writes it, to the engine's stream.
package struct BuildHeading: Sendable, Equatable {
    package var number: Int
    package var count: Int
    package var words: String

    package init(number: Int, count: Int, words: String) {
        self.number = number
        self.count = count
        self.words = words
    }

    package var line: String { "Step \(number)/\(count) : \(words)" }

    /// Reads a line. Nil if it's another one.
    package init?(line bytes: some Collection<UInt8>) {
        guard bytes.starts(with: Self.begin) else { return nil }
        let parts = bytes.dropFirst(Self.begin.count).split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].elementsEqual([UInt8(ascii: ":")]) else { return nil }
        let numbers = parts[0].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            Int(String(decoding: $0, as: UTF8.self))
        }
        guard numbers.count == 2, let number = numbers[0], let count = numbers[1] else { return nil }
        self.init(number: number, count: count, words: String(decoding: parts[2], as: UTF8.self))
    }

    private static let begin = Array("Step ".utf8)
}
