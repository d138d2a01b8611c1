package import LabSupport

/// Network settings of this machine that builds and downloads need.
///
/// It contains only deviations from an ordinary open network. On a machine without a proxy, mirror or private authority, every value is
/// empty, and images are built from unchanged bases.
package struct HostNetwork: Sendable, Equatable {
    /// The certificate authorities to trust inside containers. Nil if an image's own are enough.
    ///
    /// They are added only if a configured or installed bundle contains authorities that the distribution does not ship: a company's own,
    /// or those of a network that intercepts TLS.
    package var authorities: Sourced<CertificateBundle>?
    /// How many of the authorities the distribution does not ship.
    package var privateAuthorityCount = 0
    /// The proxies in the order of `ProxySetting.Kind`.
    package var proxies: [ProxySetting] = []
    /// The mirror of Debian's archive to use instead of deb.debian.org.
    package var aptMirror: Sourced<AptMirror>?
    /// The Python package index to use instead of pypi.org.
    package var pypiIndex: Sourced<String>?
    /// Registries (host, port, path prefix) that may have the public hub's images, best first.
    package var registryMirrors: Sourced<[String]>?
    /// Settings that are not used, with the reason.
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

    /// One sentence for each deviation, without credentials, then the problems.
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
                    en: "ailab also looks for images at \(list.en) (\(registryMirrors.origin)).",
                    zh: "也会在 \(list.zh) 上查找镜像（来源：\(registryMirrors.origin)）。"))
        }
        return notices + problems
    }

    private static func notice(of authorities: Sourced<CertificateBundle>, privateCount: Int) -> Text {
        guard privateCount > 0 else {
            return Text(
                en:
                    "The Debian mirror uses https, but slim images have no certificates. Builds use this machine's certificate authorities"
                    + " (\(authorities.origin)).",
                zh: "Debian 镜像源使用 https，而精简镜像不带证书，因此构建时会使用本机的证书颁发机构（来源：\(authorities.origin)）。")
        }
        return Text(
            en: "Builds trust this machine's certificate authorities. \(privateCount) of them are not part of the distribution"
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
                    en: "\(name) contains a registry address with a password. ailab does not use it. Log in with `docker login` instead.",
                    zh: "\(name) 中有带密码的仓库地址，ailab 不会使用该项。请改用 `docker login` 登录。"))
        }
        if !usable.isEmpty { registryMirrors = Sourced(usable, from: name) }
    }
}
