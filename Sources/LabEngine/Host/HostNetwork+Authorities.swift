import LabSupport

extension HostNetwork {
    /// Variables that name a bundle, the most specific first.
    private static let bundleVariables = [
        "SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "PIP_CERT", "NODE_EXTRA_CA_CERTS",
    ]
    /// Where distributions keep the bundle that their programs trust.
    private static let defaultBundles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem", "/etc/ssl/cert.pem",
    ]
    /// Where administrators add authorities, by distribution family.
    private static let localFolders = [
        "/usr/local/share/ca-certificates", "/etc/pki/ca-trust/source/anchors", "/etc/ca-certificates/trust-source/anchors",
        "/etc/pki/trust/anchors",
    ]
    /// The certificates of Debian's ca-certificates package.
    private static let shippedFolder = "/usr/share/ca-certificates"

    mutating func readAuthorities(environment: [String: String], root: HostRoot) {
        if let path = environment["AILAB_CA_BUNDLE"], !path.isEmpty {
            guard path != "none" else { return }
            if let bundle = Self.bundle(at: path, root: root) {
                authorities = Sourced(bundle, from: "AILAB_CA_BUNDLE=\(path)")
                privateAuthorityCount = bundle.subtracting(Self.shipped(root: root)).count
                return
            }
            addProblem(variable: "AILAB_CA_BUNDLE", path: path)
        }
        collectAuthorities(environment: environment, root: root)
    }

    /// Combines the distribution's bundle with every authority that was added to it or configured separately. A configured file may contain
    /// only one private authority, but public servers must stay trusted.
    private mutating func collectAuthorities(environment: [String: String], root: HostRoot) {
        let shipped = Self.shipped(root: root)
        var all = CertificateBundle()
        var origins: [String] = []
        func take(_ bundle: CertificateBundle, from origin: String) {
            let added = bundle.subtracting(shipped).filter { !all.contains($0) }
            if !added.isEmpty { origins.append(origin) }
            all.add(bundle)
        }
        for path in Self.defaultBundles {
            guard let bundle = Self.bundle(at: path, root: root) else { continue }
            take(bundle, from: path)
            break
        }
        for folder in Self.localFolders {
            take(Self.bundle(below: folder, root: root), from: folder)
        }
        for (path, origin) in configuredBundles(environment: environment, root: root) {
            if let bundle = Self.bundle(at: path, root: root) {
                take(bundle, from: origin)
            } else {
                addProblem(variable: origin, path: path)
            }
        }
        guard !origins.isEmpty else { return }
        authorities = Sourced(all, from: origins.joined(separator: ", "))
        privateAuthorityCount = all.subtracting(shipped).count
    }

    /// Adopts the distribution's bundle for images that have none. Without it, slim Debian images cannot use an https mirror.
    mutating func adoptDefaultAuthorities(root: HostRoot) {
        guard authorities == nil else { return }
        for path in Self.defaultBundles {
            guard let bundle = Self.bundle(at: path, root: root) else { continue }
            authorities = Sourced(bundle, from: path)
            return
        }
    }

    private func configuredBundles(environment: [String: String], root: HostRoot) -> [(path: String, origin: String)] {
        var seen: Set<String> = []
        var found: [(path: String, origin: String)] = []
        for name in Self.bundleVariables {
            guard let path = environment[name], !path.isEmpty, seen.insert(path).inserted else { continue }
            found.append((path, name))
        }
        if let entry = PipConfiguration.read(environment: environment, root: root).value("cert"), seen.insert(entry.value).inserted {
            found.append((entry.value, entry.origin))
        }
        return found
    }

    private mutating func addProblem(variable: String, path: String) {
        problems.append(
            Text(
                en: "\(variable) points to \(path), which contains no readable certificate. ailab does not use it.",
                zh: "\(variable) 指向的 \(path) 中没有可读取的证书，ailab 不会使用它。"))
    }

    /// The distribution's own certificates: the files of its package, or its bundle if there are no such files.
    private static func shipped(root: HostRoot) -> CertificateBundle {
        let packaged = bundle(below: shippedFolder, root: root)
        guard packaged.isEmpty else { return packaged }
        return defaultBundles.firstNonNil { bundle(at: $0, root: root) } ?? CertificateBundle()
    }

    private static func bundle(at path: String, root: HostRoot) -> CertificateBundle? {
        guard let text = root.text(path) else { return nil }
        let bundle = CertificateBundle(pem: text)
        return bundle.isEmpty ? nil : bundle
    }

    private static func bundle(below folder: String, root: HostRoot) -> CertificateBundle {
        var all = CertificateBundle()
        for path in root.files(below: folder) where [".crt", ".pem", ".cer"].contains(where: path.hasSuffix) {
            if let text = root.text(path) { all.add(pem: text) }
        }
        return all
    }
}
