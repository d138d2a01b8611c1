package import HTTPTransport

/// A container's output as it arrives. A container with a terminal has one channel and no frames.
package struct ContainerOutput: AsyncSequence, Sendable {
    package typealias Element = OutputChunk
    private let body: HTTPBodyStream
    private let isRaw: Bool

    /// `isRaw` is true for a container with a terminal.
    package init(_ body: HTTPBodyStream, isRaw: Bool) {
        self.body = body
        self.isRaw = isRaw
    }

    package func makeAsyncIterator() -> Iterator { Iterator(body: body.makeAsyncIterator(), isRaw: isRaw) }

    package struct Iterator: AsyncIteratorProtocol {
        private var body: HTTPBodyStream.Iterator
        private let isRaw: Bool
        private var demultiplexer = Demultiplexer()
        private var waiting: ArraySlice<OutputChunk> = []

        init(body: HTTPBodyStream.Iterator, isRaw: Bool) {
            self.body = body
            self.isRaw = isRaw
        }

        package mutating func next() async throws -> OutputChunk? {
            while true {
                if let chunk = waiting.popFirst() { return chunk }
                guard let piece = try await body.next() else {
                    try demultiplexer.finish()
                    return nil
                }
                guard !piece.isEmpty else { continue }
                if isRaw { return OutputChunk(.stdout, piece) }
                waiting = try demultiplexer.feed(piece)[...]
            }
        }
    }

    /// All output by channel. Throws beyond `limit` bytes.
    package func collect(limit: Int = 16 << 20) async throws -> (stdout: [UInt8], stderr: [UInt8]) {
        var stdout: [UInt8] = []
        var stderr: [UInt8] = []
        for try await chunk in self {
            guard stdout.count + stderr.count + chunk.bytes.count <= limit else {
                throw TransportError(kind: .bodyTooLarge, detail: "more than \(limit) bytes")
            }
            if chunk.channel == .stderr { stderr += chunk.bytes } else { stdout += chunk.bytes }
        }
        return (stdout, stderr)
    }
}
