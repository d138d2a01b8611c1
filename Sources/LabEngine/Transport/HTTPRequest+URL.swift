extension HTTPRequest {
    /// A request to an absolute `http` or `https` URL, without its fragment. `tls` applies to https only.
    ///
    /// Throws `TransportError.badRequest` for any other URL.
    package init(url: String, method: String = "GET", headers: HTTPHeaders = [:], body: HTTPBody? = nil, tls: TLSSettings? = nil) throws {
        let (endpoint, target) = try Self.split(url, tls: tls)
        self.init(method: method, endpoint: endpoint, target: target, headers: headers, body: body)
    }

    private static func split(_ url: String, tls: TLSSettings?) throws -> (Endpoint, String) {
        guard let colon = url.firstIndex(of: ":"), url[colon...].hasPrefix("://") else { throw refusal(url, "it has no scheme") }
        let scheme = url[..<colon].lowercased()
        guard scheme == "http" || scheme == "https" else { throw refusal(url, "its scheme is neither http nor https") }
        let rest = url[url.index(colon, offsetBy: 3)...].prefix { $0 != "#" }
        let authority = rest.prefix { !"/?".contains($0) }
        guard !authority.contains("@") else { throw refusal(url, "credentials belong in a header") }
        let (host, port) = try splitAuthority(authority, defaultPort: scheme == "http" ? 80 : 443, url)
        let path = rest[authority.endIndex...]
        let target = path.hasPrefix("/") ? String(path) : "/" + path
        return (.tcp(host: host, port: port, tls: scheme == "https" ? tls ?? TLSSettings() : nil), target)
    }

    private static func splitAuthority(_ authority: Substring, defaultPort: Int, _ url: String) throws -> (String, Int) {
        var host = authority
        var port: Substring?
        if let bracket = authority.firstIndex(of: "]"), authority.hasPrefix("[") {
            host = authority[authority.index(after: authority.startIndex)..<bracket]
            let tail = authority[authority.index(after: bracket)...]
            guard tail.isEmpty || tail.hasPrefix(":") else { throw refusal(url, "a colon must follow the bracket") }
            port = tail.isEmpty ? nil : tail.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            port = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty else { throw refusal(url, "it has no host") }
        guard let port else { return (String(host), defaultPort) }
        guard let number = Int(port), (1...65_535).contains(number) else { throw refusal(url, "\(port) is not a port") }
        return (String(host), number)
    }

    private static func refusal(_ url: String, _ reason: String) -> TransportError {
        TransportError(kind: .badRequest, detail: "\(url) is not a usable URL: \(reason)")
    }
}
