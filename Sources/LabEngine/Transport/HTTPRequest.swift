/// One request. Set a timeout wherever a server could stay silent: ailab must never wait forever.
package struct HTTPRequest: Sendable {
    package var method: String
    package var endpoint: Endpoint
    /// Path and query, percent-encoded. Begins with a slash.
    package var target: String
    package var headers: HTTPHeaders
    package var body: HTTPBody?
    /// Timeout for the connection.
    package var connectTimeout: Duration
    /// Timeout from the start to the response's head, or nil if the server may take any time.
    package var headTimeout: Duration?
    /// Timeout between two pieces of the body. Pauses by the reader don't count. Nil for streams that may be silent.
    package var idleTimeout: Duration?
    /// Timeout for the whole exchange.
    package var totalTimeout: Duration?
    /// Whether to follow 3xx responses. For downloads only.
    package var followsRedirects: Bool
    /// The longest pause between two reads of the socket. If a server flushes every line, a pause turns hundreds of wake-ups into one. The
    /// faster the pieces come, the shorter the pauses are.
    package var readPacing: Duration?
    /// The shortest time between two deliveries of the body to its reader. What comes sooner is gathered. So the first bytes after a while are
    /// delivered at once, and those of a flood cause few wake-ups. Nil delivers what each read finds.
    package var deliveryPacing: Duration?

    package init(
        method: String = "GET", endpoint: Endpoint, target: String, headers: HTTPHeaders = [:], body: HTTPBody? = nil,
        connectTimeout: Duration = .seconds(5), headTimeout: Duration? = .seconds(30), idleTimeout: Duration? = nil,
        totalTimeout: Duration? = nil, followsRedirects: Bool = false, readPacing: Duration? = nil,
        deliveryPacing: Duration? = nil
    ) {
        self.method = method
        self.endpoint = endpoint
        self.target = target
        self.headers = headers
        self.body = body
        self.connectTimeout = connectTimeout
        self.headTimeout = headTimeout
        self.idleTimeout = idleTimeout
        self.totalTimeout = totalTimeout
        self.followsRedirects = followsRedirects
        self.readPacing = readPacing
        self.deliveryPacing = deliveryPacing
    }
}
