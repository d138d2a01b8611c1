import Glibc

/// HTTP over libcurl. All requests of a client share one thread and its open connections.
package final class CurlHTTPClient: HTTPClient {
    /// The process's client. Only tests create others.
    package static let shared = CurlHTTPClient()

    /// How many bytes of a response wait in memory for a slow reader.
    package static let defaultHighWater = 256 << 10

    private let loop = CurlLoop()
    private let highWater: Int

    /// Creates a client with its own thread, which lives until `shutdown`.
    package init(highWater: Int = CurlHTTPClient.defaultHighWater) {
        // Without this, a write to a connection that the server closed would end the process.
        signal(SIGPIPE, SIG_IGN)
        self.highWater = highWater
    }

    /// Ends all transfers with `CancellationError` and waits for the thread. Later requests fail.
    package func shutdown() { loop.shutdown() }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let transfer = try Transfer(request, highWater: highWater, loop: loop)
        let reader = BodyReader(transfer.channel)
        guard loop.submit(.start(transfer)) else {
            throw TransportError(kind: .cancelled, detail: "the transport has shut down")
        }
        let head = try await transfer.head.value { [loop, id = transfer.id] in loop.submit(.cancel(id)) }
        return HTTPResponse(head: head, body: HTTPBodyStream { try await reader.next() })
    }

    package func upgrade(_ request: HTTPRequest) async throws -> RawConnection {
        let handshake = try UpgradeHandshake(request, observers: loop.observers)
        return try await handshake.connection()
    }

    /// Tells an observer about every request from now on. The client does not keep the observer alive.
    package func observe(_ observer: any TransferObserver) { loop.observers.add(observer) }
}

/// The reading end of a body. When the last stream over it is released, the transfer ends.
private final class BodyReader: Sendable {
    private let channel: BodyChannel

    init(_ channel: BodyChannel) { self.channel = channel }

    deinit { channel.discard(because: CancellationError()) }

    func next() async throws -> [UInt8]? { try await channel.next() }
}
