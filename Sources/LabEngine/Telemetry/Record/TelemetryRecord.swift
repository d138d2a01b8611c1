import CSystem
import Glibc
package import LabSupport

/// Writes samples to a file next to a run's journal, one line each, for a later replay.
package final class TelemetryRecorder: Sendable {
    /// The maximum size in bytes. Six hours with a sample each second are less.
    package static let limit = 64 << 20

    private let descriptor: Int32
    private let left: Locked<Int>

    /// Nil if the file can't be written. The run doesn't fail because of that.
    package init?(path: String, limit: Int = TelemetryRecorder.limit) {
        guard let opened = try? Files.openRegular(path, O_WRONLY | O_CREAT | O_APPEND) else { return nil }
        descriptor = opened
        left = Locked(limit)
    }

    deinit { close(descriptor) }

    /// Returns false if writing failed or the file is full. Then it stays unchanged from now on.
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

/// Reads recorded samples. Skips invalid lines, such as one that a full disk cut off.
package enum TelemetryRecord {
    /// The size of a block when reading from the file's end.
    private static let block = 256 << 10
    /// The maximum length of a line. A sample of a machine with 64 containers has a tenth of it.
    private static let maximumLineLength = 1 << 20

    /// A larger file isn't ours: a recorder stops before.
    private static let sizeLimit = 2 * TelemetryRecorder.limit

    /// All samples of a file, in order.
    package static func samples(_ path: String) throws(LabError) -> [TelemetrySample] {
        decoded(lines(try Files.read(path, limit: sizeLimit)))
    }

    /// The last `count` samples of a file, in order. This doesn't read what comes before them.
    package static func newest(_ count: Int, of path: String) throws(LabError) -> [TelemetrySample] {
        let descriptor = try Files.openRegular(path, O_RDONLY)
        defer { close(descriptor) }
        let end = lseek(descriptor, 0, SEEK_END)
        guard end <= off_t(sizeLimit) else { throw Files.wrongKind(path) }
        var start = end
        var pieces: [[UInt8]] = []
        var ends = 0
        // Look for one line end more than lines: that of the line before them. Stop if the lines are longer than any sample.
        while start > 0, ends <= count, end - start < off_t((ends + 1) * maximumLineLength) {
            let length = min(block, Int(start))
            start -= off_t(length)
            var piece = [UInt8](repeating: 0, count: length)
            guard pread(descriptor, &piece, length, start) == length else { throw Files.error(errno, path) }
            ends += piece.count { $0 == 0x0A }
            pieces.append(piece)
        }
        // The last line may be cut off.
        return Array(decoded(lines(Array(pieces.reversed().joined())).suffix(count + 1)).suffix(count))
    }

    /// About `count` samples of a recording, evenly distributed, plus all samples with events.
    package static func overview(_ count: Int, of path: String) throws(LabError) -> [TelemetrySample] {
        let bytes = try Files.read(path, limit: sizeLimit)
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

    /// The offset of `word`, found with the system's search, because a recording may have tens of megabytes.
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

    /// At most `count` samples, evenly distributed over the file. From a long file, this reads only the lines around them.
    package static func spread(_ count: Int, of path: String) throws(LabError) -> [TelemetrySample] {
        let descriptor = try Files.openRegular(path, O_RDONLY)
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard count > 0, size > 0 else { return [] }
        guard size <= sizeLimit else { throw Files.wrongKind(path) }
        guard size > count * window else {
            let lines = lines(try Files.read(path, limit: sizeLimit))
            let step = max(1, Double(lines.count) / Double(count))
            return decoded(stride(from: 0.0, to: Double(lines.count), by: step).map { lines[Int($0)] })
        }
        var samples: [TelemetrySample] = []
        for index in 0..<count {
            var piece = [UInt8](repeating: 0, count: window)
            let start = index * (size - window) / max(1, count - 1)
            let length = pread(descriptor, &piece, window, off_t(start))
            guard length > 0 else { continue }
            // The block's first line is complete only at the file's beginning, and its last line rarely is.
            let lines = piece[..<length].split(separator: 0x0A, omittingEmptySubsequences: false)
            guard let line = lines.dropFirst(start == 0 ? 0 : 1).dropLast().first, let sample = TelemetrySample(line: line) else {
                continue
            }
            if sample.time > samples.last?.time ?? -.infinity { samples.append(sample) }
        }
        return samples
    }

    /// The size of a block that's read from a long file. It contains several lines.
    private static let window = 32 << 10

    /// The key of the events in a line. Keys are written without blanks.
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
