package import HTTPTransport

extension Endpoint {
    /// Reads an address in the form of `DOCKER_HOST`: `unix:///path`, `tcp://host:port`, `http://…`, `https://…`.
    package init(dockerHost text: String, tls: TLSSettings? = nil) throws(DockerHostError) {
        guard let mark = text.firstRange(of: "://") else { throw .notUnderstood(text) }
        let rest = String(text[mark.upperBound...])
        switch text[..<mark.lowerBound] {
        case "unix":
            guard rest.hasPrefix("/") else { throw .notUnderstood(text) }
            self = .unix(path: rest)
        case "tcp", "http": self = try Self.tcp(rest, in: text, tls: tls)
        case "https": self = try Self.tcp(rest, in: text, tls: tls ?? TLSSettings())
        case "ssh": throw .ssh(rest)
        default: throw .notUnderstood(text)
        }
    }

    private static func tcp(_ address: String, in text: String, tls: TLSSettings?) throws(DockerHostError) -> Endpoint {
        let place = address.prefix { $0 != "/" }
        // Docker's default ports, if the address has none.
        let usual = tls == nil ? 2375 : 2376
        if place.hasPrefix("["), let end = place.firstIndex(of: "]") {
            let port = place[place.index(after: end)...].dropFirst()
            guard let number = port.isEmpty ? usual : Int(port) else { throw .notUnderstood(text) }
            return .tcp(host: String(place[place.index(after: place.startIndex)..<end]), port: number, tls: tls)
        }
        let parts = place.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2, let port = parts.count == 2 ? Int(parts[1]) : usual else {
            throw .notUnderstood(text)
        }
        return .tcp(host: String(host), port: port, tls: tls)
    }

    /// The endpoint in the form of `DOCKER_HOST`.
    package var dockerHost: String {
        switch self {
        case .unix(let path): "unix://\(path)"
        case .tcp(let host, let port, _): host.contains(":") ? "tcp://[\(host)]:\(port)" : "tcp://\(host):\(port)"
        }
    }
}
