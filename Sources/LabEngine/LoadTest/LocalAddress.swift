import Glibc
import HTTPTransport
import LabSupport

/// An IP address of four or sixteen bytes.
package struct LocalAddress: Sendable, Equatable, Hashable {
    package var bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads the usual notation. Nil for anything else.
    package init?(_ text: String) {
        var four = in_addr()
        var sixteen = in6_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
        } else if inet_pton(AF_INET6, text, &sixteen) == 1 {
            bytes = withUnsafeBytes(of: &sixteen) { Array($0) }
        } else {
            return nil
        }
        unmap()
    }

    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            bytes = UnsafeRawPointer(address).withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            bytes = UnsafeRawPointer(address).withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                withUnsafeBytes(of: $0.pointee.sin6_addr) { Array($0) }
            }
            unmap()
        default: return nil
        }
    }

    /// Replaces an IPv4-mapped address with the IPv4 address: `::ffff:10.0.0.1` becomes 10.0.0.1.
    private mutating func unmap() {
        if bytes.count == 16, bytes[..<12].elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255]) { bytes = Array(bytes[12...]) }
    }

    package var isLoopback: Bool { bytes.count == 4 ? bytes[0] == 127 : bytes == [UInt8](repeating: 0, count: 15) + [1] }

    /// The usual notation.
    package var text: String {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        _ = bytes.withUnsafeBytes {
            inet_ntop(bytes.count == 4 ? AF_INET : AF_INET6, $0.baseAddress, &buffer, socklen_t(INET6_ADDRSTRLEN))
        }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Whether the first `bits` bits are equal.
    func shares(_ bits: Int, with other: LocalAddress) -> Bool {
        guard bytes.count == other.bytes.count else { return false }
        return (0..<bits).allSatisfy { (bytes[$0 / 8] ^ other.bytes[$0 / 8]) & (128 >> UInt8($0 % 8)) == 0 }
    }

    /// The socket address to connect to.
    func withSocketAddress<Result>(port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var storage = sockaddr_storage()
        let length: Int
        if bytes.count == 4 {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = in_port_t(port).bigEndian
            withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: bytes) }
            length = MemoryLayout<sockaddr_in>.size
            withUnsafeMutableBytes(of: &storage) { target in withUnsafeBytes(of: &address) { target.copyMemory(from: $0) } }
        } else {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = in_port_t(port).bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: bytes) }
            length = MemoryLayout<sockaddr_in6>.size
            withUnsafeMutableBytes(of: &storage) { target in withUnsafeBytes(of: &address) { target.copyMemory(from: $0) } }
        }
        return withUnsafePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(length)) }
        }
    }
}

/// A network interface of this machine, with one of its addresses and its network.
package struct LocalInterface: Sendable, Equatable {
    package var name: String
    package var address: LocalAddress
    /// The number of leading bits that the network's addresses share.
    package var prefix: Int

    package init(name: String, address: LocalAddress, prefix: Int) {
        self.name = name
        self.address = address
        self.prefix = prefix
    }

    /// True for a bridge with only containers of this machine, from the names that Docker, Podman and CNI use.
    var leadsToContainers: Bool {
        let isDockerNetwork = name.hasPrefix("br-") && name.count == 15 && name.dropFirst(3).allSatisfy(\.isHexDigit)
        return name.hasPrefix("docker") || name.hasPrefix("podman") || name.hasPrefix("cni-podman") || isDockerNetwork
    }

    /// The interfaces of this machine.
    package static func all() -> [LocalInterface] {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { return [] }
        defer { freeifaddrs(first) }
        var found: [LocalInterface] = []
        var next = first
        while let entry = next?.pointee {
            next = entry.ifa_next
            guard let raw = entry.ifa_addr, let address = LocalAddress(raw) else { continue }
            let mask = entry.ifa_netmask.flatMap { LocalAddress($0) }
            let bits = mask.map { $0.bytes.map(\.nonzeroBitCount).reduce(0, +) } ?? address.bytes.count * 8
            found.append(LocalInterface(name: String(cString: entry.ifa_name), address: address, prefix: bits))
        }
        return found
    }
}

/// Decides which servers may be load-tested, because a load test of somebody else's machine is an attack.
package enum LoadReach {
    /// Whether an address belongs to this machine or to one of its containers.
    package static func isLocal(_ address: LocalAddress, _ interfaces: [LocalInterface]) -> Bool {
        address.isLoopback
            || interfaces.contains { $0.address == address || $0.leadsToContainers && address.shares($0.prefix, with: $0.address) }
    }

    /// Resolves a URL's host. Refuses addresses of other machines unless `anywhere` is true. Throws `load.address` and `usage.elsewhere`.
    package static func target(_ url: String, anywhere: Bool, interfaces: [LocalInterface] = LocalInterface.all()) throws -> (
        target: LoadTarget, path: String
    ) {
        let request: HTTPRequest
        do {
            request = try HTTPRequest(url: url)
            try request.validate()
        } catch let error as TransportError {
            throw LabError(
                .usageURL,
                Text(
                    en: "ailab can't send requests to `\(SafeLines.clean(text: url))`.",
                    zh: "`\(SafeLines.clean(text: url))` 不是可以发送请求的地址。"),
                hint: Text(en: "Use a URL such as http://127.0.0.1:8080/ping.", zh: "请使用 http://127.0.0.1:8080/ping 这样的地址。"),
                cause: error.detail)
        }
        guard case .tcp(let host, let port, let tls) = request.endpoint else { preconditionFailure("URLs have hosts") }
        let began = LoadClock.now
        let addresses = try resolve(host)
        let took = Double(LoadClock.now - began) / 1e9
        let allowed = anywhere ? addresses : addresses.filter { isLocal($0, interfaces) }
        guard !allowed.isEmpty, allowed.count == addresses.count else { throw elsewhere(host, addresses) }
        return (LoadTarget(host: host, port: port, tls: tls, addresses: allowed, lookup: took), request.target)
    }

    private static func elsewhere(_ host: String, _ addresses: [LocalAddress]) -> LabError {
        let shown = addresses.map(\.text).joined(separator: ", ")
        let place = shown == host ? Text(verbatim: host) : Text(en: "\(host) (\(shown))", zh: "\(host)（\(shown)）")
        return LabError(
            .usageElsewhere,
            Text(en: "\(place.en) isn't this machine, so ailab sent no load.", zh: Text.chinese(place.zh, "不是本机，因此没有发送任何请求。")),
            hint: Text(
                en: "A load test of somebody else's server is an attack. If the server is yours, add --anywhere.",
                zh: "对别人的服务器做压力测试等同于攻击。如果那是你自己的服务器，请加上 --anywhere。"))
    }

    private static func resolve(_ host: String) throws(LabError) -> [LocalAddress] {
        if let address = LocalAddress(host) { return [address] }
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        defer { if let list { freeaddrinfo(list) } }
        var found: [LocalAddress] = []
        var next = list
        while let entry = next?.pointee {
            next = entry.ai_next
            if let raw = entry.ai_addr, let address = LocalAddress(raw), !found.contains(address) { found.append(address) }
        }
        guard code == 0, !found.isEmpty else {
            throw LabError(
                .loadAddress, Text(en: "Can't resolve the name \(host).", zh: "无法解析名称 \(host)。"),
                hint: Text(en: "Check the spelling. This machine is 127.0.0.1.", zh: "请检查拼写。127.0.0.1 表示本机。"),
                cause: code == 0 ? nil : String(cString: gai_strerror(code)))
        }
        return found
    }
}

/// The clock of a load test, in monotonic nanoseconds.
enum LoadClock {
    static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// The CPU time of this thread, in nanoseconds.
    static var threadTime: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
