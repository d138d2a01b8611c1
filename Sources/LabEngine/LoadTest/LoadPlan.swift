package import HTTPTransport

/// What a load test is to do: the requests, how they are paced, for how long, and what a right answer is.
package struct LoadPlan: Sendable {
    /// How requests follow one another.
    package enum Pacing: Sendable, Equatable {
        /// Closed loop: so many at a time, each followed by the next as soon as it is answered.
        case concurrency(Int)
        /// Open loop: so many a second at even distances, whether earlier ones are answered or not, over at most so many connections.
        case rate(Double, connections: Int)

        /// The most connections that are open at once.
        package var connections: Int {
            switch self {
            case .concurrency(let count): count
            case .rate(_, let connections): connections
            }
        }
    }

    package var target: LoadTarget
    /// Sent in turns; at least one.
    package var requests: [LoadRequest]
    package var pacing: Pacing
    /// Seconds before what is measured begins.
    package var warmUp: Double
    /// Seconds that are measured.
    package var duration: Double
    /// Seconds that one answer may take, connecting included.
    package var timeout: Double
    /// Ends the test after so many requests; nil: time alone does.
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

/// One request of a load test, and what a right answer to it is.
package struct LoadRequest: Sendable {
    package var method: String
    /// Path and query.
    package var target: String
    package var headers: HTTPHeaders
    package var body: [UInt8]
    /// All of them must hold; a 2xx status alone where there is none.
    package var expectations: [LoadExpectation]
    /// What it is called in a report: the body's file name; nil for the only one.
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

    /// The request as it goes over the wire.
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

/// Where the load goes.
package struct LoadTarget: Sendable, Equatable {
    package var host: String
    package var port: Int
    /// Nil for http.
    package var tls: TLSSettings?
    /// The addresses that the name stands for.
    package var addresses: [LocalAddress]
    /// Seconds that finding them took.
    package var lookup: Double

    package init(host: String, port: Int, tls: TLSSettings? = nil, addresses: [LocalAddress], lookup: Double = 0) {
        self.host = host
        self.port = port
        self.tls = tls
        self.addresses = addresses
        self.lookup = lookup
    }

    /// Host and port as in a URL.
    package var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (tls == nil ? 80 : 443) ? name : "\(name):\(port)"
    }
}
