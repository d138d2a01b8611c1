import Glibc

/// Samples on disk, a line each: written beside a run's journal, read again for a replay.
package final class TelemetryRecorder: Sendable {
    /// Bytes after which nothing more is recorded: six hours at a sample a second are fewer.
    package static let limit = 64 << 20

    private let descriptor: Int32
    private let left: Locked<Int>

    /// Nil where the file cannot be written: a run does not fail for it.
    package init?(path: String, limit: Int = TelemetryRecorder.limit) {
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        left = Locked(limit)
    }

    deinit { close(descriptor) }

    /// False where it could not be written, or there is enough: then nothing more will be.
    package func write(_ sample: TelemetrySample) -> Bool {
        guard let line = try? sample.line else { return true }
        let bytes = Array((line + "\n").utf8)
        return left.withLock { left in
            guard bytes.count <= left, Files.writeAll(bytes, to: descriptor) == 0 else {
                left = 0
                return false
            }
            left -= bytes.count
            return true
        }
    }
}

/// What was recorded. Lines that are none, such as one torn by a full disk, are passed over.
package enum TelemetryRecord {
    /// How much is read at a time from a file's end.
    private static let block = 256 << 10

    /// All samples of a file in their order.
    package static func samples(_ path: String) throws(LabError) -> [TelemetrySample] { decoded(lines(try Files.read(path))) }

    /// The last samples of a file in their order, at most so many: what lies before them is not read.
    package static func newest(_ count: Int, of path: String) throws(LabError) -> [TelemetrySample] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Files.error(errno, path) }
        defer { close(descriptor) }
        var start = lseek(descriptor, 0, SEEK_END)
        var bytes: [UInt8] = []
        var ends = 0
        // One more line end than lines: that of the line before them.
        while start > 0, ends <= count {
            let length = min(block, Int(start))
            start -= off_t(length)
            var piece = [UInt8](repeating: 0, count: length)
            guard pread(descriptor, &piece, length, start) == length else { throw Files.error(errno, path) }
            ends += piece.count { $0 == 0x0A }
            bytes = piece + bytes
        }
        // The last line may be torn.
        return Array(decoded(lines(bytes).suffix(count + 1)).suffix(count))
    }

    /// A recording in at most about so many samples, evenly chosen, with all those in which something happened besides.
    package static func overview(_ count: Int, of path: String) throws(LabError) -> [TelemetrySample] {
        let lines = lines(try Files.read(path))
        guard lines.count > count else { return decoded(lines) }
        let step = Double(lines.count) / Double(count)
        var next = 0.0
        let chosen = lines.indices.filter { index in
            let isDue = Double(index) >= next || index == lines.count - 1
            if isDue { next += step }
            return isDue || lines[index].contains(mark)
        }
        return decoded(chosen.map { lines[$0] })
    }

    /// How a line begins to name what happened: keys are written without blanks.
    private static let mark = Array("\"marks\":[{".utf8)

    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] { bytes.split(separator: 0x0A) }

    private static func decoded(_ lines: [ArraySlice<UInt8>]) -> [TelemetrySample] { lines.compactMap { TelemetrySample(line: $0) } }
}
