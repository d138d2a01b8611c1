import LabSupport

/// A mirror of Debian's archive.
package struct AptMirror: Sendable, Equatable {
    /// The archive's address without a trailing slash, such as `http://mirror.example/debian`.
    package var archive: String
    /// The security archive's address, or nil for Debian's own.
    package var security: String?

    package init(archive: String, security: String? = nil) {
        self.archive = archive
        self.security = security
    }

    /// A mirror with the usual layout: the security archive `…/debian-security` is next to `…/debian`.
    package init(base: String) {
        var archive = base
        while archive.hasSuffix("/") { archive.removeLast() }
        self.init(archive: archive, security: archive.hasSuffix("/debian") ? archive + "-security" : nil)
    }
}

/// One source of packages in apt's configuration.
struct AptSource: Equatable {
    var uri: String
    var suites: [String]
    var components: [String]
    var origin: String

    /// All enabled binary sources of the host, in both of apt's formats.
    static func all(root: HostRoot) -> [AptSource] {
        var sources = oneLine(root.lines("/etc/apt/sources.list") ?? [], origin: "/etc/apt/sources.list")
        for name in root.names(in: "/etc/apt/sources.list.d") {
            let path = "/etc/apt/sources.list.d/" + name
            let lines = root.lines(path) ?? []
            if name.hasSuffix(".list") { sources += oneLine(lines, origin: path) }
            if name.hasSuffix(".sources") { sources += deb822(lines, origin: path) }
        }
        return sources
    }

    private static func oneLine(_ lines: [Substring], origin: String) -> [AptSource] {
        lines.compactMap { line in
            var words = line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace).map(String.init)
            guard words.first == "deb" else { return nil }
            words.removeFirst()
            // Options are in brackets and may contain spaces.
            if words.first?.hasPrefix("[") == true, let end = words.firstIndex(where: { $0.hasSuffix("]") }) {
                words.removeFirst(end + 1)
            }
            guard words.count >= 2 else { return nil }
            return AptSource(uri: words[0], suites: [words[1]], components: Array(words.dropFirst(2)), origin: origin)
        }
    }

    private static func deb822(_ lines: [Substring], origin: String) -> [AptSource] {
        lines.filter { !$0.hasPrefix("#") }.split { $0.trimmed.isEmpty }.flatMap { stanza -> [AptSource] in
            var fields: [String: [String]] = [:]
            var last = ""
            for line in stanza {
                if line.first?.isWhitespace == true {
                    fields[last, default: []] += line.split(whereSeparator: \.isWhitespace).map(String.init)
                } else if let colon = line.firstIndex(of: ":") {
                    last = line[..<colon].lowercased()
                    fields[last] = line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace).map(String.init)
                }
            }
            guard fields["types"]?.contains("deb") == true, fields["enabled"]?.first?.lowercased() != "no" else { return [] }
            return (fields["uris"] ?? []).map {
                AptSource(uri: $0, suites: fields["suites"] ?? [], components: fields["components"] ?? [], origin: origin)
            }
        }
    }
}

extension HostNetwork {
    /// Hosts that do not count as a mirror: the defaults of every machine, and snapshots, which lack other releases.
    private static let ordinaryHosts = ["deb.debian.org", "security.debian.org", "ftp.debian.org", "snapshot.debian.org"]

    mutating func readAptMirror(environment: [String: String], root: HostRoot) {
        if let named = environment["AILAB_APT_MIRROR"], !named.isEmpty {
            take(AptMirror(base: named), from: "AILAB_APT_MIRROR")
            return
        }
        // A mirror of another distribution does not have Debian's packages.
        guard Distribution.read(root: root)?.id == "debian" else { return }
        let mirrors = AptSource.all(root: root).filter { source in
            guard source.components.contains("main"), let host = Self.host(of: source.uri) else { return false }
            return !Self.ordinaryHosts.contains(host)
        }
        guard let archive = mirrors.first(where: { $0.isDebianArchive }) else { return }
        var mirror = AptMirror(base: archive.uri)
        if let security = mirrors.first(where: { $0.suites.contains { $0.hasSuffix("-security") } }) {
            mirror.security = AptMirror(base: security.uri).archive
        }
        take(mirror, from: archive.origin)
    }

    private mutating func take(_ mirror: AptMirror, from origin: String) {
        guard Self.host(of: mirror.archive) != nil, !Redaction.hasCredentials(mirror.archive) else {
            problems.append(
                Text(
                    en: "The Debian mirror in \(origin) is not a plain http or https address without a password. ailab does not use it.",
                    zh: "\(origin) 中的 Debian 镜像源不是不带密码的 http 或 https 地址，ailab 不会使用它。"))
            return
        }
        aptMirror = Sourced(mirror, from: origin)
    }

    private static func host(of url: String) -> String? {
        for scheme in ["http://", "https://"] where url.hasPrefix(scheme) {
            let authority = url.dropFirst(scheme.count).prefix { $0 != "/" }
            let host = (authority.split(separator: "@").last ?? "").prefix { $0 != ":" }
            return host.isEmpty ? nil : host.lowercased()
        }
        return nil
    }
}

extension AptSource {
    /// True for the main archive. The suites decide, because third parties also list the component `main`.
    fileprivate var isDebianArchive: Bool {
        suites.contains { Self.releases.contains($0) } && (uri.hasSuffix("/debian") || uri.hasSuffix("/debian/"))
    }

    private static let releases: Set<String> = [
        "bullseye", "bookworm", "trixie", "forky", "sid", "oldstable", "stable", "testing", "unstable",
    ]
}
