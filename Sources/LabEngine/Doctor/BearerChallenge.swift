/// The header of a registry that needs a token: `Bearer realm="https://auth.docker.io/token",service="registry.docker.io"`.
struct BearerChallenge: Sendable, Equatable {
    var realm: String
    var service: String?

    init?(_ header: String) {
        guard header.lowercased().hasPrefix("bearer ") else { return nil }
        var values: [String: String] = [:]
        var rest = header.dropFirst("bearer ".count)
        while let mark = rest.firstIndex(of: "=") {
            let name = rest[..<mark].filter { !$0.isWhitespace && $0 != "," }.lowercased()
            let value = rest[rest.index(after: mark)...].drop { $0 == "\"" }
            let text = value.prefix { $0 != "\"" }
            values[name] = String(text)
            rest = value[text.endIndex...].dropFirst()
        }
        guard let realm = values["realm"] else { return nil }
        self.realm = realm
        service = values["service"]
    }
}
