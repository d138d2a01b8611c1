import LabSupport

/// The text of a task's output, limited to the beginning and the end. Each is at least half a megabyte.
struct Transcript: Sendable {
    /// UTF-8 of whole lines. A flood has many thousand a second, so they don't become strings.
    private struct Kept {
        private static let half = 512 << 10
        private var head: [UInt8] = []
        /// The end of the output, in two blocks. When the newer block is full, the older one is dropped.
        private var middle: [UInt8] = []
        private var tail: [UInt8] = []

        mutating func add(_ line: UnsafeBufferPointer<UInt8>) {
            if head.count < Self.half {
                head += line
                head.append(0x0A)
            } else {
                tail += line
                tail.append(0x0A)
                guard tail.count >= Self.half else { return }
                swap(&middle, &tail)
                tail.removeAll(keepingCapacity: true)
            }
        }

        var text: String { String(decoding: head + middle + tail, as: UTF8.self) }
    }

    private var kept = Kept()
    private var lines: [Output.Stream: SafeLines] = [:]

    /// Takes bytes and returns the machine lines that they completed.
    mutating func take(_ bytes: [UInt8], _ stream: Output.Stream) -> [String] {
        var found: [String] = []
        // A copy of either would have its bytes, too.
        var lines = self.lines.removeValue(forKey: stream) ?? SafeLines()
        var kept = Kept()
        swap(&kept, &self.kept)
        lines.take(bytes) { line in
            kept.add(line)
            if line.starts(with: MachineLine.prefix.utf8) { found.append(String(decoding: line, as: UTF8.self)) }
        }
        swap(&kept, &self.kept)
        self.lines[stream] = lines
        return found
    }

    /// The whole stored text, including unfinished lines.
    var text: String {
        let unfinished = [Output.Stream.stdout, .stderr, .engine].compactMap { lines[$0]?.current }.filter { !$0.isEmpty }
        return kept.text + unfinished.joined(separator: "\n")
    }

    /// The last lines that aren't empty.
    func last(_ count: Int) -> String {
        text.split(separator: "\n").filter { !$0.hasPrefix(MachineLine.prefix) }.suffix(count).joined(separator: "\n")
    }
}
