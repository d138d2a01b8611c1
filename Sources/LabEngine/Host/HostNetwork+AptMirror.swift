import LabSupport

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
