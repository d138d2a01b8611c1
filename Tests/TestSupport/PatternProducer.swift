import HTTPTransport
import LabSupport

/// An upload of recognisable bytes, which fails on demand.
package final class PatternProducer: UploadProducer {
    /// What it throws.
    package struct Failure: Error, Equatable {
        package init() {}
    }

    private let count: Int
    private let failsAfter: Int?
    private let offset = Locked(0)

    package init(count: Int, failsAfter: Int? = nil) {
        self.count = count
        self.failsAfter = failsAfter
    }

    /// How much was taken so far.
    package var producedCount: Int { offset.withLock { $0 } }

    package func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        try offset.withLock { offset in
            if let failsAfter, offset >= failsAfter { throw Failure() }
            let length = min(buffer.count, count - offset)
            for index in 0..<length { buffer[index] = Self.byte(offset + index) }
            offset += length
            return length
        }
    }

    /// The same bytes at once.
    package static func bytes(_ count: Int) -> [UInt8] { (0..<count).map(byte) }

    private static func byte(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: index &* 7 &+ index >> 8) }
}
