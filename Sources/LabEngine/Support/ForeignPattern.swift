import Dispatch
import Glibc

/// A regular expression that a lab brings. Whoever wrote it may have meant harm, or not known better.
package enum ForeignPattern {
    /// Nobody writes a longer one. Compiling one that is nested deeply exhausts the stack.
    private static let lengthLimit = 4096
    private static let depthLimit = 50
    /// With some patterns, such as `(a+)+b`, the time grows exponentially with the text.
    private static let timeout = 2.0

    private struct TooLarge: Error, CustomStringConvertible {
        var description: String { "it's longer than \(lengthLimit) bytes, or nested more than \(depthLimit) times" }
    }

    package static func compile(_ pattern: String) throws -> Regex<AnyRegexOutput> {
        guard pattern.utf8.count <= lengthLimit, depth(of: pattern) <= depthLimit else { throw TooLarge() }
        return try Regex(pattern)
    }

    /// The most brackets that are open at once. Escaped ones count, too: a pattern has few of them.
    private static func depth(of pattern: String) -> Int {
        var (open, most) = (0, 0)
        for byte in pattern.utf8 {
            if byte == UInt8(ascii: "(") || byte == UInt8(ascii: "[") { open += 1 }
            if byte == UInt8(ascii: ")") || byte == UInt8(ascii: "]") { open = max(0, open - 1) }
            most = max(most, open)
        }
        return most
    }

    /// Patterns whose threads are still at work. Nothing can end these threads.
    private static let slow = Locked<Set<String>>([])

    /// What `work` finds with the pattern in a text. Nil if the pattern isn't valid, or if it takes too long.
    package static func apply<Value: Sendable>(
        _ pattern: String, to text: String, _ work: @escaping @Sendable (Regex<AnyRegexOutput>, String) -> Value?
    ) -> Value? {
        let find = { @Sendable in (try? compile(pattern)).flatMap { work($0, text) } }
        if isQuick(pattern, text) { return find() }
        guard !slow.withLock({ $0.contains(pattern) }) else { return nil }
        let found = Locked<Value?>(nil)
        let isOver = DispatchSemaphore(value: 0)
        let thread = PosixThread.start {
            let value = find()
            found.withLock { $0 = value }
            _ = slow.withLock { $0.remove(pattern) }
            isOver.signal()
        }
        guard let thread else { return find() }
        thread.detach()
        _ = slow.withLock { $0.insert(pattern) }
        guard isOver.wait(timeout: .now() + timeout) == .success else { return nil }
        _ = slow.withLock { $0.remove(pattern) }
        return found.withLock { $0 }
    }

    /// With two repetitions that aren't in one another, no time grows faster than the square of a short text.
    private static func isQuick(_ pattern: String, _ text: String) -> Bool {
        var before: UInt8 = 0
        var repetitions = 0
        for byte in pattern.utf8 {
            if "*+?{".utf8.contains(byte), before != UInt8(ascii: "\\") {
                repetitions += before == UInt8(ascii: ")") ? 3 : 1
            }
            before = byte
        }
        return repetitions <= 2 && text.utf8.count <= 1000
    }
}
