package import LabSupport

/// What builds and downloads need to know about this machine's network.
///
/// Only what deviates from an ordinary open network is here: on a machine without proxy, mirror and private authority every value is
/// empty, and images are built from their bases as they are.
package struct HostNetwork: Sendable, Equatable {
    /// The certificate authorities to trust inside containers; nil where an image's own are enough.
    ///
    /// Laid over only when a bundle was configured or found that holds authorities the distribution does not ship: a company's own, or
    /// those of a network that re-signs TLS.
    package var authorities: Sourced<CertificateBundle>?
    /// How many of the authorities the distribution does not ship.
    package var privateAuthorityCount = 0
    /// Proxies, in the order of `ProxySetting.Kind`.
    package var proxies: [ProxySetting] = []
    /// The mirror of Debian's archive to use in place of deb.debian.org.
    package var aptMirror: Sourced<AptMirror>?
    /// The Python package index to use in place of pypi.org.
    package var pypiIndex: Sourced<String>?
    /// Registries (host, port, path prefix) that may have what the public hub has, best first.
    package var registryMirrors: Sourced<[String]>?
    /// What was configured and is not used, and why.
    package var problems: [Text] = []

    package init() {}

    /// Reads the environment and the host's configuration files.
    package static func read(environment: [String: String], root: HostRoot = .machine) -> HostNetwork {
        var network = HostNetwork()
        network.readAuthorities(environment: environment, root: root)
        network.proxies = ProxySetting.read(environment: environment)
        network.readAptMirror(environment: environment, root: root)
        if network.aptMirror?.value.archive.hasPrefix("https://") == true { network.adoptDefaultAuthorities(root: root) }
        network.readPyPIIndex(environment: environment, root: root)
        network.readRegistryMirrors(environment: environment)
        return network
    }

    /// One sentence per value that deviates, credentials left out, then the problems.
    package var notices: [Text] {
        var notices: [Text] = []
        if let authorities {
            notices.append(Self.notice(of: authorities, privateCount: privateAuthorityCount))
        }
        notices += proxies.map(\.notice)
        if let aptMirror {
            notices.append(
                Text(
                    en: "Debian packages come from \(aptMirror.value.archive) (\(aptMirror.origin)).",
                    zh: "Debian 软件包将从 \(aptMirror.value.archive) 下载（来源：\(aptMirror.origin)）。"))
        }
        if let pypiIndex {
            let url = Redaction.urls(in: pypiIndex.value)
            notices.append(
                Text(en: "Python packages come from \(url) (\(pypiIndex.origin)).", zh: "Python 软件包将从 \(url) 下载（来源：\(pypiIndex.origin)）。"))
        }
        if let registryMirrors {
            let list = Text.words(registryMirrors.value)
            notices.append(
                Text(
                    en: "Images are looked for at \(list.en) too (\(registryMirrors.origin)).",
                    zh: "也会在 \(list.zh) 上查找镜像（来源：\(registryMirrors.origin)）。"))
        }
        return notices + problems
    }

    private static func notice(of authorities: Sourced<CertificateBundle>, privateCount: Int) -> Text {
        guard privateCount > 0 else {
            return Text(
                en: "Builds get this machine's certificate authorities, since slim images have none and the Debian mirror speaks https"
                    + " (\(authorities.origin)).",
                zh: "Debian 镜像源使用 https，而精简镜像不带证书，因此构建时会使用本机的证书颁发机构（来源：\(authorities.origin)）。")
        }
        return Text(
            en: "Builds trust this machine's certificate authorities, \(privateCount) of them not part of the distribution"
                + " (\(authorities.origin)).",
            zh: "构建时会信任本机的证书颁发机构，其中 \(privateCount) 个不是发行版自带的（来源：\(authorities.origin)）。")
    }

    private mutating func readRegistryMirrors(environment: [String: String]) {
        let name = "AILAB_REGISTRY_MIRRORS"
        let mirrors = (environment[name] ?? "").split(separator: ",").map { entry in
            var mirror = entry.trimmed
            for scheme in ["https://", "http://"] where mirror.hasPrefix(scheme) { mirror = mirror.dropFirst(scheme.count) }
            while mirror.hasSuffix("/") { mirror = mirror.dropLast() }
            return String(mirror)
        }
        let usable = mirrors.filter { !$0.isEmpty && !$0.contains("@") }
        if usable.count < mirrors.filter({ !$0.isEmpty }).count {
            problems.append(
                Text(
                    en: "\(name) names a registry with a password in its address; such an entry is not used. Log in with `docker login`.",
                    zh: "\(name) 中有地址带着密码，该项不会被使用。请改用 `docker login` 登录。"))
        }
        if !usable.isEmpty { registryMirrors = Sourced(usable, from: name) }
    }
}

extension StringProtocol {
    /// The text without white space at its ends.
    package var trimmed: SubSequence {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace }) else {
            return self[endIndex...]
        }
        return self[first...last]
    }
}
