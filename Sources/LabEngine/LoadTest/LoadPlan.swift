package import HTTPTransport

/// The plan of a load test: the requests, their pace, the duration, and what makes a response correct.
package struct LoadPlan: Sendable {
    /// When requests are sent.
    package enum Pacing: Sendable, Equatable {
        /// Closed loop: a fixed number of connections. Each sends the next request as soon as it has the response.
        case concurrency(Int)
        /// Open loop: a fixed rate in requests per second, evenly spaced, regardless of whether earlier ones have a response. It uses a limited
        /// number of connections.
        case rate(Double, connections: Int)

        /// The maximum number of open connections.
        package var connections: Int {
            switch self {
            case .concurrency(let count): count
            case .rate(_, let connections): connections
            }
        }
    }

    package var target: LoadTarget
    /// The requests, which are sent in turn. There's at least one.
    package var requests: [LoadRequest]
    package var pacing: Pacing
    /// Seconds before the measurement begins.
    package var warmUp: Double
    /// The duration of the measurement in seconds.
    package var duration: Double
    /// Seconds that one response may take, including connecting.
    package var timeout: Double
    /// The number of requests after which the test ends. If it's nil, only the duration ends it.
    package var requestLimit: Int?

    package init(
        target: LoadTarget, requests: [LoadRequest], pacing: Pacing, warmUp: Double = 1, duration: Double = 10, timeout: Double = 30,
        requestLimit: Int? = nil
    ) {
        self.target = target
        self.requests = requests
        self.pacing = pacing
        self.warmUp = warmUp
        self.duration = duration
        self.timeout = timeout
        self.requestLimit = requestLimit
    }
}

/// One request of a load test, and what makes its response correct.
package struct LoadRequest: Sendable {
    package var method: String
    /// The path and the query.
    package var target: String
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// All of them must be met. If there's none, a 2xx status is correct.
    package var expectations: [LoadExpectation]
    /// The name in a report: the body's file name. Nil if there's only one request.
    package var name: String?

    package init(
        method: String = "GET", target: String, headers: HTTPHeaders = [:], body: [UInt8] = [], expectations: [LoadExpectation] = [],
        name: String? = nil
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.expectations = expectations
        self.name = name
    }

    /// The bytes of the request.
    func wire(host: String) -> [UInt8] {
        var lines = "\(method) \(target) HTTP/1.1\r\n"
        if headers["Host"] == nil { lines += "Host: \(host)\r\n" }
        if headers["User-Agent"] == nil { lines += "User-Agent: ailab\r\n" }
        if headers["Accept"] == nil { lines += "Accept: */*\r\n" }
        for field in headers.fields { lines += "\(field.name): \(field.value)\r\n" }
        if !body.isEmpty || ["POST", "PUT", "PATCH"].contains(method) { lines += "Content-Length: \(body.count)\r\n" }
        return Array((lines + "\r\n").utf8) + body
    }
}

/// The server of a load test.
package struct LoadTarget: Sendable, Equatable {
    package var host: String
    package var port: Int
    /// Nil for http.
    package var tls: TLSSettings?
    /// The addresses of the name.
    package var addresses: [LocalAddress]
    /// How long resolving the name took, in seconds.
    package var lookup: Double

    package init(host: String, port: Int, tls: TLSSettings? = nil, addresses: [LocalAddress], lookup: Double = 0) {
        self.host = host
        self.port = port
        self.tls = tls
        self.addresses = addresses
        self.lookup = lookup
    }

    /// The host and port as in a URL.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (tls == nil ? 80 : 443) ? name : "\(name):\(port)"
    }
}
