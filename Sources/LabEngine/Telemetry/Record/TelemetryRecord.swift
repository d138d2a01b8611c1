import CSystem
import Glibc
package import LabSupport

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
    /// A line with more is no sample: one of a machine with 64 containers has a tenth of it.
    private static let longest = 1 << 20

    /// All samples of a file in their order.
    package static func samples(_ path: String) throws(LabError) -> [TelemetrySample] { decoded(lines(try Files.read(path))) }

    /// The last samples of a file in their order, at most so many: what lies before them is not read.
    package static func newest(_ count: Int, of path: String) throws(LabError) -> [TelemetrySample] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Files.error(errno, path) }
        defer { close(descriptor) }
        let end = lseek(descriptor, 0, SEEK_END)
        var start = end
        var pieces: [[UInt8]] = []
        var ends = 0
        // One more line end than lines: that of the line before them. What is longer than any sample is none.
        while start > 0, ends <= count, end - start < off_t((ends + 1) * longest) {
            let length = min(block, Int(start))
            start -= off_t(length)
            var piece = [UInt8](repeating: 0, count: length)
            guard pread(descriptor, &piece, length, start) == length else { throw Files.error(errno, path) }
            ends += piece.count { $0 == 0x0A }
            pieces.append(piece)
        }
        // The last line may be torn.
        return Array(decoded(lines(Array(pieces.reversed().joined())).suffix(count + 1)).suffix(count))
    }

    /// A recording in at most about so many samples, evenly chosen, with all those in which something happened besides.
    package static func overview(_ count: Int, of path: String) throws(LabError) -> [TelemetrySample] {
        let bytes = try Files.read(path)
        let lines = lines(bytes)
        guard lines.count > count else { return decoded(lines) }
        let step = Double(lines.count) / Double(count)
        var next = 0.0
        var marks = places(of: mark, in: bytes)[...]
        let chosen = lines.indices.filter { index in
            let isDue = Double(index) >= next || index == lines.count - 1
            if isDue { next += step }
            let after = marks.drop { $0 < lines[index].endIndex }
            defer { marks = after }
            return isDue || after.count < marks.count
        }
        return decoded(chosen.map { lines[$0] })
    }

    /// Where `word` begins, by the system's search: a recording has tens of megabytes.
    private static func places(of word: [UInt8], in bytes: [UInt8]) -> [Int] {
        bytes.withUnsafeBytes { all in
            var places: [Int] = []
            guard let base = all.baseAddress else { return places }
            var start = 0
            while start < all.count, let found = cs_find(base + start, all.count - start, word, word.count) {
                places.append(found - base)
                start = places[places.count - 1] + word.count
            }
            return places
        }
    }

    /// At most so many samples, evenly chosen over the file. Of a long one only the lines around them are read.
    package static func spread(_ count: Int, of path: String) throws(LabError) -> [TelemetrySample] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Files.error(errno, path) }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard count > 0, size > 0 else { return [] }
        guard size > count * window else {
            let lines = lines(try Files.read(path))
            let step = max(1, Double(lines.count) / Double(count))
            return decoded(stride(from: 0.0, to: Double(lines.count), by: step).map { lines[Int($0)] })
        }
        var samples: [TelemetrySample] = []
        for index in 0..<count {
            var piece = [UInt8](repeating: 0, count: window)
            let start = index * (size - window) / max(1, count - 1)
            let length = pread(descriptor, &piece, window, off_t(start))
            guard length > 0 else { continue }
            // The first line is whole only at the file's beginning, the last one hardly ever.
            let lines = piece[..<length].split(separator: 0x0A, omittingEmptySubsequences: false)
            guard let line = lines.dropFirst(start == 0 ? 0 : 1).dropLast().first, let sample = TelemetrySample(line: line) else {
                continue
            }
            if sample.time > samples.last?.time ?? -.infinity { samples.append(sample) }
        }
        return samples
    }

    /// How much is read around a place of a long file: several lines.
    private static let window = 32 << 10

    /// How a line begins to name what happened: keys are written without blanks.
    private static let mark = Array("\"marks\":[{".utf8)

    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = 0
        for end in places(of: [0x0A], in: bytes) + [bytes.count] {
            if end > start { lines.append(bytes[start..<end]) }
            start = end + 1
        }
        return lines
    }

    private static func decoded(_ lines: [ArraySlice<UInt8>]) -> [TelemetrySample] { lines.compactMap { TelemetrySample(line: $0) } }
}
