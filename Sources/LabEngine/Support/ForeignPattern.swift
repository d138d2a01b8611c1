import Dispatch
import Glibc

/// A regular expression that a lab brings. Whoever wrote it may have meant harm, or not known better.
package enum ForeignPattern {
    /// Nobody writes a longer one. Compiling one that is nested deeply exhausts the stack.
    private static let lengthLimit = 4096
    private static let depthLimit = 50
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

    /// What came of a pattern.
    package enum Outcome<Value: Sendable>: Sendable {
        /// Nil if the pattern isn't valid, or finds nothing.
        case found(Value?)
        case tooSlow
    }

    /// Patterns that took too long, and whose threads are still at work. Nothing can end these threads.
    private static let slow = Locked<Set<String>>([])

    /// Applies a pattern to a text, and waits at most `timeout` seconds. With some, such as `(a+)+b`, the time grows exponentially with the
    /// text. While an earlier attempt with the pattern is still at work, it's too slow at once.
    package static func attempt<Value: Sendable>(
        _ pattern: String, timeout: Double, _ work: @escaping @Sendable (Regex<AnyRegexOutput>) -> Value?
    ) -> Outcome<Value> {
        guard !slow.withLock({ $0.contains(pattern) }) else { return .tooSlow }
        let find = { @Sendable in (try? compile(pattern)).flatMap(work) }
        let state = Locked<(isOver: Bool, found: Value?)>((false, nil))
        let end = DispatchSemaphore(value: 0)
        let thread = PosixThread.start {
            let value = find()
            slow.withLock { patterns in
                state.withLock { $0 = (true, value) }
                patterns.remove(pattern)
            }
            end.signal()
        }
        guard let thread else { return .found(find()) }
        thread.detach()
        if end.wait(timeout: .now() + timeout) == .success { return .found(state.withLock { $0.found }) }
        // Only now: another text may be tried with the same pattern meanwhile.
        slow.withLock { patterns in if !state.withLock({ $0.isOver }) { patterns.insert(pattern) } }
        return .tooSlow
    }

    /// What `work` finds with the pattern in a text. Nil if the pattern isn't valid, or if it takes more than two seconds.
    package static func apply<Value: Sendable>(
        _ pattern: String, to text: String, _ work: @escaping @Sendable (Regex<AnyRegexOutput>, String) -> Value?
    ) -> Value? {
        apply(pattern, to: [text]) { work($0, $1[0]) }
    }

    /// The same for several texts. The pattern is compiled once.
    package static func apply<Value: Sendable>(
        _ pattern: String, to texts: [String], _ work: @escaping @Sendable (Regex<AnyRegexOutput>, [String]) -> Value?
    ) -> Value? {
        if texts.allSatisfy({ isQuick(pattern, $0) }) { return (try? compile(pattern)).flatMap { work($0, texts) } }
        if case .found(let value) = attempt(pattern, timeout: 2, { work($0, texts) }) { return value }
        return nil
    }

    /// With two repetitions that aren't in one another, no time grows faster than the square of a short text.
    private static func isQuick(_ pattern: String, _ text: String) -> Bool {
        var before: UInt8 = 0
        var isEscaped = false
        var repetitions = 0
        for byte in pattern.utf8 {
            if isEscaped {
                isEscaped = false
                before = 0
                continue
            }
            isEscaped = byte == UInt8(ascii: "\\")
            if "*+?{".utf8.contains(byte) { repetitions += before == UInt8(ascii: ")") ? 3 : 1 }
            before = byte
        }
        return repetitions <= 2 && text.utf8.count <= 1000
    }
}
