/// Decodes the engine's framing: a byte for the channel, three zeros, the length in four bytes, then that many bytes.
/// See https://docs.docker.com/reference/api/engine/version/v1.47/#tag/Container/operation/ContainerAttach.
///
/// The engine makes one frame of every line. Adjacent frames of one channel that arrive together are therefore merged.
package struct Demultiplexer: Sendable {
    private var header: [UInt8] = []
    private var channel: OutputChannel = .stdout
    private var remaining = 0
    private var failure: [UInt8]?
    /// What is kept of the engine's own error. A frame may announce four gigabytes.
    private static let failureLimit = 64 << 10

    package init() {}

    /// The bytes in a piece by channel. An incomplete frame is passed on as far as it has arrived.
    ///
    /// This works on raw memory: a piece may contain hundreds of short frames, and a slice for each would cost more than its bytes.
    package mutating func feed(_ piece: [UInt8]) throws -> [OutputChunk] {
        try piece.withUnsafeBytes { try feed($0) }
    }

    private mutating func feed(_ piece: UnsafeRawBufferPointer) throws -> [OutputChunk] {
        var chunks: [OutputChunk] = []
        var index = 0
        while index < piece.count {
            if remaining == 0 {
                try readHeader(piece, &index)
                continue
            }
            let end = min(piece.count, index + remaining)
            add(UnsafeRawBufferPointer(rebasing: piece[index..<end]), to: &chunks, atMost: piece.count - index)
            remaining -= end - index
            index = end
            if remaining == 0, let failure { throw DockerProtocolError("output stream", String(decoding: failure, as: UTF8.self)) }
        }
        return chunks
    }

    /// Throws if the stream ended inside a frame.
    package func finish() throws {
        guard remaining == 0, header.isEmpty else {
            throw DockerProtocolError("output stream", "it ended inside a frame, \(max(remaining, 8 - header.count)) bytes early")
        }
    }

    private mutating func add(_ bytes: UnsafeRawBufferPointer, to chunks: inout [OutputChunk], atMost capacity: Int) {
        if let words = failure {
            failure?.append(contentsOf: bytes.prefix(max(0, Self.failureLimit - words.count)))
        } else if let last = chunks.indices.last, chunks[last].channel == channel {
            chunks[last].bytes.append(contentsOf: bytes)
        } else {
            var start: [UInt8] = []
            start.reserveCapacity(capacity)
            start.append(contentsOf: bytes)
            chunks.append(OutputChunk(channel, start))
        }
    }

    private mutating func readHeader(_ piece: UnsafeRawBufferPointer, _ index: inout Int) throws {
        if header.isEmpty, piece.count - index >= 8 {
            try begin(UnsafeRawBufferPointer(rebasing: piece[index..<index + 8]))
            index += 8
            return
        }
        let end = min(piece.count, index + 8 - header.count)
        header += piece[index..<end]
        index = end
        guard header.count == 8 else { return }
        let whole = header
        header.removeAll(keepingCapacity: true)
        try whole.withUnsafeBytes { try begin($0) }
    }

    /// Begins a frame from its eight header bytes.
    private mutating func begin(_ header: UnsafeRawBufferPointer) throws {
        guard header[1] == 0, header[2] == 0, header[3] == 0, header[0] <= 3 else {
            throw DockerProtocolError("output stream", "not a frame header: \([UInt8](header))")
        }
        remaining = Int(UInt32(bigEndian: header.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        if let known = OutputChannel(rawValue: header[0]) {
            channel = known
        } else {
            // Channel 3 is the engine's own error report, not output of the container.
            failure = []
        }
    }
}
