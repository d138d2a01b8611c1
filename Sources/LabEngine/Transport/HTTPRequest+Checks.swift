import Glibc

extension HTTPRequest {
    /// The URL as libcurl wants it.
    var url: String { "\(endpoint.isTLS ? "https" : "http")://\(endpoint.authority)\(target)" }

    /// Refuses what would reach the wire as something else than was meant, or fail with a misleading error.
    package func validate() throws {
        guard target.hasPrefix("/"), target.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
            throw TransportError(kind: .badRequest, detail: "\(target.debugDescription) is no percent-encoded path")
        }
        guard method.isHTTPToken else {
            throw TransportError(kind: .badRequest, detail: "\(method.debugDescription) is no method")
        }
        for field in headers.fields where !field.name.isHTTPToken || field.value.utf8.contains(where: { $0 == 10 || $0 == 13 || $0 == 0 }) {
            throw TransportError(kind: .badRequest, detail: "\(field.name.debugDescription) is no header field")
        }
        try endpoint.validate()
    }

    /// The body's source. Methods that usually carry one get an empty one: some servers answer 411 to a POST without a length.
    func uploadSource() throws -> UploadSource? {
        if let body { return try UploadSource(body) }
        return ["POST", "PUT", "PATCH"].contains(method) ? try UploadSource(.bytes([])) : nil
    }
}

extension Endpoint {
    /// Host and port as in a URL and in the Host field; a unix socket is served by this machine.
    var authority: String {
        switch self {
        case .unix: "localhost"
        case .tcp(let host, let port, _): host.contains(":") && !host.hasPrefix("[") ? "[\(host)]:\(port)" : "\(host):\(port)"
        }
    }

    /// For a reader: the path of a socket, or host and port.
    package var shown: String { if case .unix(let path) = self { path } else { authority } }

    /// What `sun_path` holds beside its final zero.
    package static let longestSocketPath = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    static func isLoopback(_ host: String) -> Bool {
        let name = host.lowercased()
        return name == "localhost" || name.hasSuffix(".localhost") || name.hasPrefix("127.") || name == "::1" || name == "[::1]"
    }

    fileprivate func validate() throws {
        switch self {
        case .unix(let path):
            guard !path.isEmpty, path.utf8.count <= Self.longestSocketPath else {
                let detail = "a unix socket's path has 1 to \(Self.longestSocketPath) bytes, this one has \(path.utf8.count): \(path)"
                throw TransportError(kind: .badRequest, detail: detail)
            }
        case .tcp(let host, let port, _):
            guard !host.isEmpty, (1...65_535).contains(port), host.utf8.allSatisfy({ $0 > 32 && $0 < 127 && !"/?#@".utf8.contains($0) })
            else {
                throw TransportError(kind: .badRequest, detail: "\(host):\(port) is no address")
            }
        }
    }
}

extension String {
    /// One word of the characters that RFC 9110 allows in methods and field names.
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
