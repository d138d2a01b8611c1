import HostFacts
import Testing

@Suite struct HostNetworkTests {
    private let debian = "ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n"
    private let bundle = "/etc/ssl/certs/ca-certificates.crt"

    @Test func anOrdinaryMachineNeedsNothing() throws {
        let fake = try FakeRoot([
            "/etc/os-release": debian,
            "/usr/share/ca-certificates/mozilla/a.crt": FakeRoot.certificate("AAAA"),
            bundle: FakeRoot.certificate("AAAA"),
            "/etc/apt/sources.list": "deb http://deb.debian.org/debian bookworm main\n",
        ])
        let network = HostNetwork.read(environment: ["SSL_CERT_FILE": bundle, "HOME": "/root"], root: fake.root)
        #expect(network == HostNetwork())
        #expect(network.notices.isEmpty)
        #expect(BaseOverlay(base: "debian:trixie-slim", debianSuite: "trixie", network: network) == nil)
    }

    @Test func anAuthorityAppendedToTheBundleIsNoticed() throws {
        let fake = try FakeRoot([
            "/usr/share/ca-certificates/mozilla/a.crt": FakeRoot.certificate("AAAA"),
            bundle: FakeRoot.certificate("AA\r\nAA") + FakeRoot.certificate("EEEE"),
        ])
        let network = HostNetwork.read(environment: [:], root: fake.root)
        #expect(network.authorities?.value.certificates == ["AAAA", "EEEE"])
        #expect(network.authorities?.origin == bundle)
        #expect(network.privateAuthorityCount == 1)
        #expect(network.notices.count == 1)
    }

    @Test func aSinglePrivateAuthorityDoesNotReplaceThePublicOnes() throws {
        let fake = try FakeRoot([
            "/usr/share/ca-certificates/mozilla/a.crt": FakeRoot.certificate("AAAA"),
            bundle: FakeRoot.certificate("AAAA"),
            "/opt/company.pem": FakeRoot.certificate("CCCC"),
            "/usr/local/share/ca-certificates/x/local.crt": FakeRoot.certificate("LLLL"),
        ])
        let network = HostNetwork.read(environment: ["NODE_EXTRA_CA_CERTS": "/opt/company.pem"], root: fake.root)
        #expect(network.authorities?.value.certificates == ["AAAA", "LLLL", "CCCC"])
        #expect(network.authorities?.origin == "/usr/local/share/ca-certificates, NODE_EXTRA_CA_CERTS")
    }

    @Test func theNamedBundleIsTakenAsItIs() throws {
        let fake = try FakeRoot([
            bundle: FakeRoot.certificate("AAAA") + FakeRoot.certificate("BBBB"), "/opt/only.pem": FakeRoot.certificate("CCCC"),
            "/usr/local/share/ca-certificates/local.crt": FakeRoot.certificate("LLLL"),
        ])
        let named = HostNetwork.read(environment: ["AILAB_CA_BUNDLE": "/opt/only.pem"], root: fake.root)
        #expect(named.authorities?.value.certificates == ["CCCC"])
        #expect(HostNetwork.read(environment: ["AILAB_CA_BUNDLE": "none"], root: fake.root).authorities == nil)
        let missing = HostNetwork.read(environment: ["AILAB_CA_BUNDLE": "/nowhere"], root: fake.root)
        #expect(missing.problems.count == 1)
        #expect(missing.authorities?.value.contains("LLLL") == true)
    }

    @Test func passwordsOfProxiesAreNeverShown() {
        let proxies = ProxySetting.read(environment: [
            "HTTP_PROXY": "http://joe:s3cret@proxy:3128", "https_proxy": "joe:s3cret@proxy:3128", "no_proxy": "localhost,.example",
        ])
        #expect(proxies.map(\.redacted) == ["http://***@proxy:3128", "***@proxy:3128", "localhost,.example"])
        #expect(proxies.map(\.origin) == ["HTTP_PROXY", "https_proxy", "no_proxy"])
        var dumped = ""
        dump(proxies, to: &dumped)
        #expect(!("\(proxies)" + dumped + "\(proxies.map(\.notice))").contains("s3cret"))
        var network = HostNetwork()
        network.proxies = proxies
        #expect(network.proxyVariables["http_proxy"] == "http://joe:s3cret@proxy:3128")
        #expect(network.proxyVariables["HTTP_PROXY"] == "http://joe:s3cret@proxy:3128")
    }

    @Test(arguments: [
        ("http://127.0.0.1:3128", true), ("localhost:3128", true), ("http://u:p@[::1]:1", true), ("http://proxy:3128", false),
    ])
    func loopbackProxiesAreRecognised(value: String, expected: Bool) {
        #expect(ProxySetting(kind: .http, value: value, origin: "x").pointsAtLoopback == expected)
    }

    @Test func theHostsMirrorIsUsedInBothFormats() throws {
        let deb822 = """
            # comment
            Types: deb deb-src
            URIs: http://mirror.example/debian/
            Suites: bookworm bookworm-updates
            Components: main
              contrib

            Types: deb
            URIs: http://mirror.example/debian-security
            Suites: bookworm-security
            Components: main

            """
        let modern = try FakeRoot(["/etc/os-release": debian, "/etc/apt/sources.list.d/debian.sources": deb822])
        let mirror = HostNetwork.read(environment: [:], root: modern.root).aptMirror
        #expect(mirror?.value == AptMirror(archive: "http://mirror.example/debian", security: "http://mirror.example/debian-security"))
        #expect(mirror?.origin == "/etc/apt/sources.list.d/debian.sources")

        let classic = try FakeRoot([
            "/etc/os-release": debian,
            "/etc/apt/sources.list": "# x\ndeb [signed-by=/a arch=amd64] http://mirror.example/debian trixie main # y\n",
        ])
        #expect(HostNetwork.read(environment: [:], root: classic.root).aptMirror?.value.archive == "http://mirror.example/debian")
    }

    @Test func otherPeoplesRepositoriesAreNoMirrors() throws {
        let fake = try FakeRoot([
            "/etc/os-release": debian,
            "/etc/apt/sources.list.d/node.list": "deb https://deb.nodesource.com/node_20.x nodistro main\n",
            "/etc/apt/sources.list": "deb http://snapshot.debian.org/archive/debian/2025 bookworm main\n",
        ])
        #expect(HostNetwork.read(environment: [:], root: fake.root).aptMirror == nil)
        let ubuntu = try FakeRoot([
            "/etc/os-release": "ID=ubuntu\nID_LIKE=debian\n",
            "/etc/apt/sources.list": "deb http://mirror.example/debian stable main\n",
        ])
        #expect(HostNetwork.read(environment: [:], root: ubuntu.root).aptMirror == nil)
    }

    @Test func anHTTPSMirrorBringsTheHostsAuthoritiesAlong() throws {
        let fake = try FakeRoot(["/usr/share/ca-certificates/a.crt": FakeRoot.certificate("AAAA"), bundle: FakeRoot.certificate("AAAA")])
        let network = HostNetwork.read(environment: ["AILAB_APT_MIRROR": "https://mirror.example/debian/"], root: fake.root)
        #expect(network.authorities?.value.certificates == ["AAAA"])
        #expect(network.aptMirror?.value.security == "https://mirror.example/debian-security")
    }

    @Test func pipsFilesAreReadInItsOrder() throws {
        let fake = try FakeRoot([
            "/etc/pip.conf": "[global]\nindex-url = http://system.example/simple\n",
            "/home/joe/.config/pip/pip.conf": "[install]\nindex_url: https://user.example/simple\n[global]\nindex-url = http://other/\n",
        ])
        let read = { HostNetwork.read(environment: $0, root: fake.root) }
        #expect(read(["HOME": "/home/joe"]).pypiIndex?.value == "https://user.example/simple")
        #expect(read(["HOME": "/home/ann"]).pypiIndex?.origin == "/etc/pip.conf")
        #expect(read(["PIP_INDEX_URL": "https://a/s"]).pypiIndex == Sourced("https://a/s", from: "PIP_INDEX_URL"))
        #expect(read(["PIP_INDEX_URL": "https://pypi.org/simple"]).pypiIndex == nil)
        let secret = read(["AILAB_PYPI_INDEX": "https://joe:s3cret@a/simple"])
        #expect(secret.pypiIndex == nil)
        #expect(secret.problems.count == 1)
        #expect(!"\(secret.notices)".contains("s3cret"))
    }

    @Test func registryMirrorsAreNormalised() {
        let network = HostNetwork.read(
            environment: ["AILAB_REGISTRY_MIRRORS": " https://mirror.example/ ,localhost:5000/hub,,u:p@x"], root: HostRoot("/nonexistent"))
        #expect(network.registryMirrors?.value == ["mirror.example", "localhost:5000/hub"])
        #expect(network.problems.count == 1)
    }
}
