import LabSupport

/// The text of a task's output, limited to the beginning and the end. Each is at least half a megabyte.
struct Transcript: Sendable {
    private static let half = 512 << 10
    private var head = ""
    /// The end of the output, in two blocks. When the newer block is full, the older one is dropped.
    private var middle = ""
    private var tail = ""
    private var lines: [Output.Stream: SafeLines] = [:]

    /// Takes bytes and returns the lines that they completed.
    mutating func take(_ bytes: [UInt8], _ stream: Output.Stream) -> [String] {
        let complete = lines[stream, default: SafeLines()].take(bytes)
        for line in complete { keep(line) }
        return complete
    }

    private mutating func keep(_ line: String) {
        if head.utf8.count < Self.half {
            head += line
            head += "\n"
        } else {
            tail += line
            tail += "\n"
            guard tail.utf8.count >= Self.half else { return }
            middle = tail
            tail = ""
        }
    }

    /// The whole stored text, including unfinished lines.
    var text: String {
        let unfinished = [Output.Stream.stdout, .stderr, .engine].compactMap { lines[$0]?.current }.filter { !$0.isEmpty }
        return head + middle + tail + unfinished.joined(separator: "\n")
    }

    /// The last lines that aren't empty.
    func last(_ count: Int) -> String {
        text.split(separator: "\n").filter { !$0.hasPrefix(MachineLine.prefix) }.suffix(count).joined(separator: "\n")
    }
}
