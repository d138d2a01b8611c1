import Glibc

/// HTTP over libcurl: every request of every client shares one thread and its kept connections.
package final class CurlHTTPClient: HTTPClient {
    /// The process's client. A second one is for tests.
    package static let shared = CurlHTTPClient()

    /// How much of an answer waits in memory for a slow reader.
    package static let defaultHighWater = 256 << 10

    private let loop = CurlLoop()
    private let highWater: Int

    /// A client with a thread of its own, which lives until `shutdown`.
    package init(highWater: Int = CurlHTTPClient.defaultHighWater) {
        // Writing to a connection that the server closed must be an error, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        self.highWater = highWater
    }

    /// Ends all transfers with `CancellationError` and waits for the thread's end; requests after it fail.
    package func shutdown() { loop.shutdown() }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let transfer = try Transfer(request, highWater: highWater, loop: loop)
        let reader = BodyReader(transfer.channel)
        guard loop.submit(.start(transfer)) else {
            throw TransportError(kind: .cancelled, detail: "the transport has ended")
        }
        let head = try await transfer.head.value { [loop, id = transfer.id] in loop.submit(.cancel(id)) }
        return HTTPResponse(head: head, body: HTTPBodyStream { try await reader.next() })
    }

    package func upgrade(_ request: HTTPRequest) async throws -> RawConnection {
        let handshake = try UpgradeHandshake(request, observers: loop.observers)
        return try await handshake.connection()
    }

    /// Tells an observer of every request that begins from now on. It is not kept alive.
    package func observe(_ observer: any TransferObserver) { loop.observers.add(observer) }
}

/// The reading end of a body: when the last stream over it goes, the transfer ends.
private final class BodyReader: Sendable {
    private let channel: BodyChannel

    init(_ channel: BodyChannel) { self.channel = channel }

    deinit { channel.discard(because: CancellationError()) }

    func next() async throws -> [UInt8]? { try await channel.next() }
}
