import LabSupport

/// The text of a task's output, bounded: the beginning and the end of it, half a megabyte of each at least.
struct Transcript: Sendable {
    private static let half = 512 << 10
    private var head = ""
    /// Lines of the latter part in two blocks: when the newer one is full, the older one goes.
    private var middle = ""
    private var tail = ""
    private var lines: [Output.Stream: SafeLines] = [:]

    /// Takes bytes; returns the lines that they completed.
    mutating func take(_ bytes: [UInt8], _ stream: Output.Stream) -> [String] {
        let complete = lines[stream, default: SafeLines()].take(bytes)
        for line in complete { keep(line) }
        return complete
    }

    private mutating func keep(_ line: String) {
        if head.utf8.count < Self.half {
            head += line + "\n"
        } else {
            tail += line + "\n"
            guard tail.utf8.count >= Self.half else { return }
            middle = tail
            tail = ""
        }
    }

    /// Everything kept, unfinished lines included.
    var text: String {
        let unfinished = [Output.Stream.stdout, .stderr, .engine].compactMap { lines[$0]?.current }.filter { !$0.isEmpty }
        return head + middle + tail + unfinished.joined(separator: "\n")
    }

    /// The last lines that say something.
    func last(_ count: Int) -> String {
        text.split(separator: "\n").filter { !$0.hasPrefix(MachineLine.prefix) }.suffix(count).joined(separator: "\n")
    }
}
