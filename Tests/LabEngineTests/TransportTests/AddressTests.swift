import Glibc
import HTTPTransport
import TestSupport
import Testing

@Suite("Transport: addresses")
struct TransportAddressTests {
    @Test(
        "URLs are split into endpoint and target",
        arguments: [
            ("http://host/path?x=1#frag", "host", 80, false, "/path?x=1"),
            ("HTTPS://host:8443", "host", 8443, true, "/"),
            ("http://[::1]:8080?q", "::1", 8080, false, "/?q"),
        ])
    func urls(url: String, host: String, port: Int, isTLS: Bool, target: String) throws {
        let request = try HTTPRequest(url: url)
        #expect(request.endpoint == .tcp(host: host, port: port, tls: isTLS ? TLSSettings() : nil))
        #expect(request.target == target)
    }

    @Test(
        "What is no URL is refused",
        arguments: ["", "host/path", "ftp://x/", "http://", "http://u:p@h/", "http://h:99999/", "http://[::1]x/"])
    func refused(url: String) {
        #expect(throws: TransportError.self) { try HTTPRequest(url: url) }
    }

    @Test("Query items are encoded, absent ones are left out")
    func query() {
        var query: HTTPQuery = ["filters": #"{"a":["b c"]}"#, "name": "ä&="]
        query.append("none", nil)
        query.append("yes", flag: true)
        query.append("no", flag: false)
        #expect(query.encoded == "?filters=%7B%22a%22%3A%5B%22b%20c%22%5D%7D&name=%C3%A4%26%3D&yes=1")
        #expect(HTTPQuery().encoded.isEmpty)
        #expect(HTTPQuery.encode("a/b:c d", alsoAllowing: "/:") == "a/b:c%20d")
    }

    @Test("Redirects are followed where asked, and not else")
    func redirects() async throws {
        let server = try ScriptedServer(on: .loopback) { request, connection in
            switch request.target {
            case "/a": try connection.respond(302, ["Location": "/b"], body: "moved")
            case "/loop": try connection.respond(302, ["Location": "/loop"])
            default: try connection.respond(200, body: "here")
            }
        }
        var request = HTTPRequest(endpoint: server.endpoint, target: "/a")
        #expect(try await CurlHTTPClient.shared.send(request).head.status == 302)
        request.followsRedirects = true
        let followed = try await CurlHTTPClient.shared.send(request)
        #expect(followed.head.status == 200)
        #expect(try await followed.body.text() == "here")
        request.target = "/loop"
        await #expect(throws: TransportError.self) { try await CurlHTTPClient.shared.send(request) }
    }

    /// In a process of its own: the environment belongs to all tests at once.
    @Test("Unix sockets and loopback never meet the environment's proxy; other hosts do")
    func proxy() async {
        await #expect(processExitsWith: .success) {
            let proxy = try ScriptedServer(on: .loopback) { _, connection in try connection.respond(200, body: "from the proxy") }
            guard case .tcp(_, let port, _) = proxy.endpoint else { return }
            setenv("http_proxy", "http://127.0.0.1:\(port)", 1)
            let remote = try await CurlHTTPClient.shared.send(HTTPRequest(url: "http://example.invalid/x"))
            #expect(try await remote.body.text() == "from the proxy")
            for place in [ScriptedServer.Place.temporarySocket, .loopback] {
                let server = try ScriptedServer(on: place) { _, connection in try connection.respond(200, body: "direct") }
                let local = try await CurlHTTPClient.shared.send(HTTPRequest(endpoint: server.endpoint, target: "/"))
                #expect(try await local.body.text() == "direct")
            }
            #expect(proxy.requests.map(\.target) == ["http://example.invalid/x"])
        }
    }
}
