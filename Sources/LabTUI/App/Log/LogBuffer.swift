package import LabRunner
import LabSupport

/// The last lines of a task's output. They are stored as bytes in blocks, not as one string for each line. So 50,000 lines take a few
/// megabytes, and dropping the oldest costs nothing.
package struct LogBuffer: Sendable, Equatable {
    private struct Block: Sendable, Equatable {
        var bytes: [UInt8] = []
        /// The offsets in `bytes` at which the lines end.
        var ends: [UInt32] = []
        var times: [UInt32] = []
        /// Style changes: the line of this block, the byte of that line, the style.
        var runs: [(line: UInt16, start: UInt16, style: Style)] = []

        static func == (a: Block, b: Block) -> Bool { a.bytes == b.bytes && a.ends == b.ends && a.times == b.times }
    }

    private static let linesPerBlock = 512
    package static let lineLimit = 50_000
    private static let byteLimit = 8 << 20

    private var blocks: [Block] = []
    private var bytes = 0
    private var splitters: [Output.Stream: TerminalLines] = [:]
    private var latest: Output.Stream?
    /// The number of the first line that is kept. The first line that was ever taken has the number 0.
    package private(set) var firstLine = 0
    /// The number after the last complete line.
    package private(set) var endLine = 0
    /// How many bytes at the beginning weren't read because there were too many.
    package var skipped = 0

    /// Where the output of an instruction of a build begins.
    package struct Heading: Sendable, Equatable {
        package var line: Int
        package var number: Int

        package init(line: Int, number: Int) {
            self.line = line
            self.number = number
        }
    }

    package private(set) var headings: [Heading] = []

    package init() {}

    package var count: Int { endLine - firstLine }
    package var isEmpty: Bool { count == 0 && current == nil }

    /// Takes a piece of one stream. `time` is when it was written.
    package mutating func take(_ piece: ArraySlice<UInt8>, _ stream: Output.Stream, time: Double) {
        var splitter = splitters[stream] ?? TerminalLines()
        splitters[stream] = nil
        splitter.take(piece) { line, runs in
            guard !line.starts(with: Self.machineMark) else { return }
            if stream == .engine, let heading = BuildHeading(line: line) {
                headings.append(Heading(line: endLine, number: heading.number))
            }
            append(line, runs, time: UInt32(clamping: Int(shown: time)))
        }
        splitters[stream] = splitter
        latest = stream
        trim()
    }

    /// Lines for ailab, not for people. The journal's events already show their contents.
    private static let machineMark = Array("@ailab ".utf8)

    private mutating func append(_ line: UnsafeBufferPointer<UInt8>, _ runs: [TerminalLines.Run], time: UInt32) {
        if blocks.last.map({ $0.ends.count >= Self.linesPerBlock }) ?? true { blocks.append(Block()) }
        let index = blocks.count - 1
        for run in runs { blocks[index].runs.append((UInt16(blocks[index].ends.count), UInt16(run.start), run.style)) }
        blocks[index].bytes += line
        blocks[index].ends.append(UInt32(blocks[index].bytes.count))
        blocks[index].times.append(time)
        bytes += line.count
        endLine += 1
    }

    private mutating func trim() {
        while blocks.count > 1, count - Self.linesPerBlock >= Self.lineLimit || bytes > Self.byteLimit {
            let block = blocks.removeFirst()
            bytes -= block.bytes.count
            firstLine += block.ends.count
        }
    }

    /// The unfinished last line, such as a progress bar.
    package var current: TerminalLines.Line? {
        guard let latest, let line = splitters[latest]?.current, !line.bytes.isEmpty, !line.bytes.starts(with: Self.machineMark) else {
            return nil
        }
        return line
    }

    /// The text of a line as bytes, so that a search doesn't need to decode it.
    package func bytes(of number: Int) -> ArraySlice<UInt8> {
        guard let place = place(number) else { return [] }
        let block = blocks[place.block]
        let start = place.line == 0 ? 0 : Int(block.ends[place.line - 1])
        return block.bytes[start..<Int(block.ends[place.line])]
    }

    /// A line as spans, and the time when it was written.
    package func line(_ number: Int) -> (line: RichLine, time: Double)? {
        guard let place = place(number) else { return nil }
        let block = blocks[place.block]
        let runs = block.runs.filter { Int($0.line) == place.line }.map { TerminalLines.Run(start: Int($0.start), style: $0.style) }
        return (Self.rich(bytes(of: number), runs), Double(block.times[place.line]))
    }

    private func place(_ number: Int) -> (block: Int, line: Int)? {
        guard number >= firstLine, number < endLine else { return nil }
        let offset = number - firstLine
        return (offset / Self.linesPerBlock, offset % Self.linesPerBlock)
    }

    /// Converts bytes and style changes to spans.
    package static func rich(_ bytes: ArraySlice<UInt8>, _ runs: [TerminalLines.Run]) -> RichLine {
        guard !runs.isEmpty else { return RichLine(String(decoding: bytes, as: UTF8.self)) }
        var spans: [Span] = []
        var start = bytes.startIndex
        var style = Style.plain
        for run in runs + [TerminalLines.Run(start: bytes.count, style: .plain)] {
            let end = min(bytes.endIndex, bytes.startIndex + run.start)
            if end > start { spans.append(Span(String(decoding: bytes[start..<end], as: UTF8.self), style)) }
            start = max(start, end)
            style = run.style
        }
        return RichLine(spans)
    }
}
