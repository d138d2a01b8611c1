import HostFacts
import Testing

@Suite struct BaseOverlayTests {
    private var network: HostNetwork {
        var network = HostNetwork()
        network.authorities = Sourced(CertificateBundle(pem: FakeRoot.certificate("AAAA")), from: "test")
        network.aptMirror = Sourced(AptMirror(base: "http://mirror.example/debian/"), from: "test")
        network.pypiIndex = Sourced("http://index.example:8080/simple", from: "test")
        return network
    }

    @Test func theDockerfileNeedsNoNetwork() throws {
        let overlay = try #require(BaseOverlay(base: "ailab/standin-debian:trixie", debianSuite: "trixie", network: network))
        let words = overlay.dockerfile.split(separator: "\n").compactMap { $0.split(separator: " ").first }
        #expect(Set(words) == ["FROM", "COPY", "ENV", "LABEL"])
        #expect(overlay.dockerfile.hasPrefix("FROM ailab/standin-debian:trixie\nCOPY ca-bundle.crt /etc/ailab/ca-bundle.crt\n"))
        #expect(overlay.dockerfile.contains("ENV PIP_CERT=/etc/ailab/ca-bundle.crt\n"))
        #expect(overlay.dockerfile.hasSuffix("LABEL ailab.adapted=\(overlay.digest)\n"))
    }

    @Test func theFilesSayWhatAptAndPipRead() throws {
        let overlay = try #require(BaseOverlay(base: "b", debianSuite: "trixie", network: network))
        let files = Dictionary(uniqueKeysWithValues: overlay.files.map { ($0.target, String(decoding: $0.bytes, as: UTF8.self)) })
        #expect(files["/etc/ailab/ca-bundle.crt"] == FakeRoot.certificate("AAAA"))
        #expect(files["/etc/apt/apt.conf.d/80ailab"] == "Acquire::https::CAInfo \"/etc/ailab/ca-bundle.crt\";\n")
        #expect(files["/etc/pip.conf"] == "[global]\nindex-url = http://index.example:8080/simple\ntrusted-host = index.example\n")
        let sources = try #require(files["/etc/apt/sources.list.d/debian.sources"])
        #expect(sources.contains("URIs: http://mirror.example/debian\nSuites: trixie trixie-updates\n"))
        #expect(sources.contains("URIs: http://mirror.example/debian-security\nSuites: trixie-security\n"))
    }

    @Test func withoutAReleaseTheMirrorIsLeftOut() throws {
        let overlay = try #require(BaseOverlay(base: "b", debianSuite: nil, network: network))
        #expect(!overlay.files.contains { $0.target.hasPrefix("/etc/apt/sources") })
        var onlyMirror = HostNetwork()
        onlyMirror.aptMirror = network.aptMirror
        #expect(BaseOverlay(base: "b", debianSuite: nil, network: onlyMirror) == nil)
    }

    @Test func theDigestFollowsContentAndBase() throws {
        let one = try #require(BaseOverlay(base: "a", debianSuite: "trixie", network: network))
        #expect(one.digest == BaseOverlay(base: "a", debianSuite: "trixie", network: network)?.digest)
        #expect(one.digest != BaseOverlay(base: "b", debianSuite: "trixie", network: network)?.digest)
        var other = network
        other.authorities?.value.add(pem: FakeRoot.certificate("BBBB"))
        #expect(one.digest != BaseOverlay(base: "a", debianSuite: "trixie", network: other)?.digest)
    }
}
