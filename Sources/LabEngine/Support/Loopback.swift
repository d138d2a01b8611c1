/// The names and addresses by which a machine reaches itself.
package enum Loopback {
    /// `localhost` and the names below it (RFC 6761), `127.0.0.0/8` and `::1`, also in brackets. `127.0.0.1.example.org` is a name like any other.
    package static func contains(host: some StringProtocol) -> Bool {
        let name = host.lowercased()
        if ["localhost", "::1", "[::1]"].contains(name) || name.hasSuffix(".localhost") { return true }
        // `127.1` is short for 127.0.0.1.
        let numbers = name.split(separator: ".", omittingEmptySubsequences: false)
        return (2...4).contains(numbers.count) && numbers[0] == "127" && numbers.allSatisfy { UInt32($0) != nil }
    }

    /// The same for a host with or without a port: `localhost:3128`, `[::1]:80`.
    package static func contains(authority: some StringProtocol) -> Bool {
        if authority.hasPrefix("[") { return contains(host: authority.dropFirst().prefix { $0 != "]" }) }
        return contains(host: authority.prefix { $0 != ":" })
    }
}
