/// The body in pieces as they arrive, for one consumer. A reader that stops reading stops the sender.
package struct HTTPBodyStream: AsyncSequence, Sendable {
    package typealias Element = [UInt8]
    private let pull: @Sendable () async throws -> [UInt8]?

    /// `pull` returns the next piece, or nil at the end.
    package init(pull: @escaping @Sendable () async throws -> [UInt8]?) { self.pull = pull }

    package func makeAsyncIterator() -> Iterator { Iterator(pull: pull) }

    package struct Iterator: AsyncIteratorProtocol {
        fileprivate let pull: @Sendable () async throws -> [UInt8]?
        package mutating func next() async throws -> [UInt8]? { try await pull() }
    }

    /// The whole body. Throws beyond `limit` bytes, so that a broken server cannot use up all memory.
    package func collect(limit: Int = 16 << 20) async throws -> [UInt8] {
        var all: [UInt8] = []
        for try await piece in self {
            guard all.count + piece.count <= limit else {
                throw TransportError(kind: .bodyTooLarge, detail: "more than \(limit) bytes")
            }
            all += piece
        }
        return all
    }
}
