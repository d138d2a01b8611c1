import LabSupport

/// Files and variables to add to a base image, so that builds on it work behind this host's network.
///
/// The Dockerfile uses only `COPY`, `ENV` and `LABEL`. None of them starts a container, so the adapted image needs no network. Proxies
/// are not part of it: they are passed as build arguments, which leave no trace in the image.
package struct BaseOverlay: Sendable, Equatable {
    /// A file of the build context.
    package struct File: Sendable, Equatable {
        /// The path in the context.
        package var path: String
        /// The path in the image.
        package var target: String
        package var bytes: [UInt8]
    }

    /// The path of the certificate bundle in an adapted image.
    package static let bundlePath = "/etc/ailab/ca-bundle.crt"
    /// The label that holds `digest`.
    package static let label = "ailab.adapted"

    /// The name of the base image.
    package let base: String
    /// The context's files. Everyone can read them (mode 0644), because apt reads them as a user of its own.
    package let files: [File]
    /// Variables set in the image, in order.
    package let environment: [(name: String, value: String)]

    /// Nil if there is nothing to add.
    ///
    /// `debianSuite` is the release inside the base image (`trixie`). It's nil if the release is unknown or not Debian. The list of package
    /// sources names the release, so the mirror is only used with a suite.
    package init?(base: String, debianSuite: String?, network: HostNetwork) {
        self.base = base
        var files: [File] = []
        var environment: [(name: String, value: String)] = []
        if let authorities = network.authorities?.value {
            files.append(File("ca-bundle.crt", at: Self.bundlePath, authorities.pem))
            files.append(File("apt-ailab.conf", at: "/etc/apt/apt.conf.d/80ailab", "Acquire::https::CAInfo \"\(Self.bundlePath)\";\n"))
            let names = ["PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"]
            environment += names.map { ($0, Self.bundlePath) }
        }
        if let mirror = network.aptMirror?.value, let debianSuite {
            files.append(File("debian.sources", at: "/etc/apt/sources.list.d/debian.sources", Self.sources(mirror, suite: debianSuite)))
            // A one-line list next to it would name the same packages again, at an address that may not be reachable.
            files.append(File("sources.list", at: "/etc/apt/sources.list", "# see sources.list.d/debian.sources\n"))
        }
        if let index = network.pypiIndex?.value {
            files.append(File("pip.conf", at: "/etc/pip.conf", Self.pipConfiguration(index: index)))
        }
        guard !files.isEmpty else { return nil }
        self.files = files
        self.environment = environment
    }

    /// The Dockerfile with its label.
    package var dockerfile: String { instructions + "LABEL \(Self.label)=\(digest)\n" }

    /// SHA-256 of the base's name and everything that is added. The same digest means the same adaptation.
    package var digest: String {
        var hash = SHA256()
        hash.update(instructions.utf8)
        for file in files {
            hash.update("\n\(file.target) \(file.bytes.count)\n".utf8)
            hash.update(file.bytes)
        }
        return hash.finishHex()
    }

    package static func == (a: BaseOverlay, b: BaseOverlay) -> Bool { a.base == b.base && a.digest == b.digest }

    private var instructions: String {
        var lines = ["FROM \(base)"]
        lines += files.map { "COPY \($0.path) \($0.target)" }
        lines += environment.map { "ENV \($0.name)=\($0.value)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func sources(_ mirror: AptMirror, suite: String) -> String {
        let keyring = "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
        let archive = "Types: deb\nURIs: \(mirror.archive)\nSuites: \(suite) \(suite)-updates\nComponents: main\n" + keyring
        // Rolling releases have no update suite and no security archive.
        guard suite != "sid" && suite != "unstable" else {
            return "Types: deb\nURIs: \(mirror.archive)\nSuites: \(suite)\nComponents: main\n" + keyring
        }
        let security = mirror.security ?? "http://security.debian.org/debian-security"
        return archive + "\nTypes: deb\nURIs: \(security)\nSuites: \(suite)-security\nComponents: main\n" + keyring
    }

    private static func pipConfiguration(index: String) -> String {
        var text = "[global]\nindex-url = \(index)\n"
        if index.hasPrefix("http://") {
            let host = index.dropFirst("http://".count).prefix { $0 != "/" && $0 != ":" }
            text += "trusted-host = \(host)\n"
        }
        return text
    }
}

extension BaseOverlay.File {
    fileprivate init(_ path: String, at target: String, _ text: String) {
        self.init(path: path, target: target, bytes: Array(text.utf8))
    }
}
