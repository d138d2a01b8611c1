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

/// What was recorded.
package enum TelemetryRecord {
    /// All samples of a file in their order; lines that are none, such as one torn by a full disk, are passed over.
    package static func samples(_ path: String) throws(LabError) -> [TelemetrySample] {
        try Files.read(path).split(separator: 0x0A).compactMap { TelemetrySample(line: $0) }
    }
}
