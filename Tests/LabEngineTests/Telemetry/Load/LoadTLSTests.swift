import HTTPTransport
import LabSupport
import LoadTest
import Telemetry
import TestSupport
import Testing

@Suite("Load: https", .timeLimit(.minutes(2))) struct LoadTLSTests {
    /// An authority and a server's certificate for this machine.
    private static let preparation = """
        set -e
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-ca -keyout ca-key.pem -out ca.pem
        openssl req -newkey rsa:2048 -nodes -subj /CN=server -keyout server-key.pem -out server.csr
        echo "subjectAltName=DNS:localhost,IP:127.0.0.1" > ext
        openssl x509 -req -days 2 -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile ext -out server.pem
        """

    /// Answers every request with what was sent, `/broken` with half of what it promises; its port goes to a file.
    private static let server = """
        import http.server, os, ssl
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(200)
                self.send_header("Content-Length", str(len(body) * (2 if self.path == "/broken" else 1)))
                self.end_headers()
                self.wfile.write(body)
                self.close_connection = self.path == "/broken"
            def log_message(self, *arguments): pass
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("server.pem", "server-key.pem")
        listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        listener.socket = context.wrap_socket(listener.socket, server_side=True, do_handshake_on_connect=False)
        open("port.new", "w").write(str(listener.server_address[1]))
        os.rename("port.new", "port")
        listener.serve_forever()
        """

    @Test(
        "Over an encrypted connection the same is counted, and a certificate that nobody vouches for is refused", .tags(.long), .needsOfTags
    )
    func encrypted() async throws {
        let folder = try TemporaryDirectory()
        #expect(try Shell.run(Self.preparation, in: folder.path) == 0)
        let peer = try Shell.start("exec python3 -c '\(Self.server)'", in: folder.path)
        defer { peer.stop() }
        var port: Int?
        try await eventually {
            port = (try? folder.read("port")).flatMap { Int($0) }
            return port != nil
        }
        let place = try #require(port)
        func plan(_ path: String, _ pacing: LoadPlan.Pacing = .concurrency(4), trusts: Bool = true) throws -> LoadPlan {
            var (target, path) = try LoadReach.target("https://127.0.0.1:\(place)\(path)", anywhere: false)
            if trusts { target.tls?.authorityFile = "\(folder.path)/ca.pem" }
            let requests = try ["cat", "dog"].map { body in
                LoadRequest(
                    method: "POST", target: path, body: Array(body.utf8), expectations: [try LoadExpectation(body)], name: body)
            }
            return LoadPlan(target: target, requests: requests, pacing: pacing, warmUp: 0, duration: 60, timeout: 5, requestLimit: 200)
        }
        let report = try await LoadTest(plan("/")).run { _ in }
        #expect(report.tally.statuses == [200: 200])
        #expect(report.tally.wrong == 0)
        #expect(report.tally.bytes == 600)
        // A connection is kept; the handshake is in the connecting.
        #expect((4...8).contains(report.connections))
        #expect(report.tally.connect.count == report.connections)
        let parts = [report.tally.send, report.tally.wait, report.tally.receive].compactMap(\.mean).reduce(0, +)
        #expect(parts <= (report.tally.latency.mean ?? 0) * 1.05)
        let paced = try await LoadTest(plan("/", .rate(100, connections: 4))).run { _ in }
        #expect(paced.tally.statuses == [200: 200])
        #expect(paced.tally.service.count == 200)
        let broken = try await LoadTest(plan("/broken", .concurrency(1))).run { _ in }
        #expect(broken.tally.failures.keys.allSatisfy { $0 == .cut } && broken.tally.failed == 200)
        let failure = await #expect(throws: LabError.self) { try await LoadTest(plan("/", trusts: false)).run { _ in } }
        #expect(failure?.code == .loadUnreachable)
    }
}
