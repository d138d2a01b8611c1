import Glibc

extension HTTPRequest {
    /// The URL as libcurl wants it.
    var url: String { "\(endpoint.isTLS ? "https" : "http")://\(endpoint.authority)\(target)" }

    /// Refuses a request that would reach the server with another meaning, or fail with a misleading error.
    package func validate() throws {
        guard target.hasPrefix("/"), target.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            throw TransportError(kind: .badRequest, detail: "\(target.debugDescription) is not a percent-encoded path")
        }
        guard method.isHTTPToken else {
            throw TransportError(kind: .badRequest, detail: "\(method.debugDescription) is not a method")
        }
        for field in headers.fields where !field.name.isHTTPToken || field.value.utf8.contains(where: { $0 == 10 || $0 == 13 || $0 == 0 }) {
            throw TransportError(kind: .badRequest, detail: "\(field.name.debugDescription) is not a valid header field")
        }
        try endpoint.validate()
    }

    /// The body's source. POST, PUT and PATCH get an empty body if they have none, because some servers answer 411 without a length.
    func uploadSource() throws -> UploadSource? {
        if let body { return try UploadSource(body) }
        return ["POST", "PUT", "PATCH"].contains(method) ? try UploadSource(.bytes([])) : nil
    }
}

extension Endpoint {
    /// Host and port as in a URL and in the Host field. A unix socket counts as `localhost`.
    var authority: String {
        switch self {
        case .unix: "localhost"
        case .tcp(let host, let port, _): host.contains(":") && !host.hasPrefix("[") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }

    /// The address for a reader: a socket's path, or host and port.
    package var shown: String { if case .unix(let path) = self { path } else { authority } }

    /// How many bytes of path `sun_path` can hold besides its final zero.
    package static let socketPathLimit = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    fileprivate func validate() throws {
        switch self {
        case .unix(let path):
            guard !path.isEmpty, path.utf8.count <= Self.socketPathLimit else {
                let detail = "a unix socket's path must have 1 to \(Self.socketPathLimit) bytes, not \(path.utf8.count): \(path)"
                throw TransportError(kind: .badRequest, detail: detail)
            }
        case .tcp(let host, let port, _):
            guard !host.isEmpty, (1...65_535).contains(port), host.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !"/?#@".utf8.contains($0) })
            else {
                throw TransportError(kind: .badRequest, detail: "\(host):\(port) is not an address")
            }
        }
    }
}

extension String {
    /// Whether the text is one token as RFC 9110 defines it for methods and field names.
    var isHTTPToken: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
