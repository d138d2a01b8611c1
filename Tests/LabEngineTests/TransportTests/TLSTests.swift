import Glibc
import LabEngine
import TestSupport
import Testing

@Suite("Transport: TLS", .timeLimit(.minutes(1)))
struct TransportTLSTests {
    /// A certificate authority, a server and a client in a folder, as `docker`'s ca.pem, cert.pem and key.pem.
    private static let preparation = """
        set -e
        openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-ca -keyout ca-key.pem -out ca.pem
        for name in server client; do
          openssl req -newkey rsa:2048 -nodes -subj /CN=$name -keyout $name-key.pem -out $name.csr
          echo "subjectAltName=DNS:localhost,IP:127.0.0.1" > ext
          openssl x509 -req -days 2 -in $name.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -extfile ext -out $name.pem
        done
        """

    /// Answers `/` with the client's name; writes its ports, for TLS 1.2 and for any version, to a file once it listens.
    private static let server = """
        import http.server, os, ssl, threading
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_GET(self):
                name = dict(pair[0] for pair in self.connection.getpeercert()["subject"])["commonName"].encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(name)))
                self.end_headers()
                self.wfile.write(name)
            def log_message(self, *arguments): pass
        def listen(newest):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.maximum_version = newest
            context.load_cert_chain("server.pem", "server-key.pem")
            context.load_verify_locations("ca.pem")
            context.verify_mode = ssl.CERT_REQUIRED
            listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
            listener.socket = context.wrap_socket(listener.socket, server_side=True, do_handshake_on_connect=False)
            threading.Thread(target=listener.serve_forever).start()
            return listener.server_address[1]
        ports = [listen(ssl.TLSVersion.TLSv1_2), listen(ssl.TLSVersion.MAXIMUM_SUPPORTED)]
        open("ports.new", "w").write(" ".join(map(str, ports)))
        os.rename("ports.new", "ports")
        """

    @Test(
        "A client certificate is shown, the server's is checked, and each failure is a TLS error",
        .enabled(if: Shell.has("openssl") && Shell.has("python3"), "needs the openssl and python3 commands"))
    func mutual() async throws {
        let folder = try TemporaryFolder()
        #expect(try Shell.run(Self.preparation, in: folder.path) == 0)
        let peer = try Shell.start("exec python3 -c '\(Self.server)'", in: folder.path)
        defer { peer.stop() }
        var ports: [Int] = []
        try await eventually {
            ports = ((try? folder.read("ports")) ?? "").split(separator: " ").compactMap { Int($0) }
            return ports.count == 2
        }
        func get(_ tls: TLSSettings, port: Int = ports[1]) async throws -> String {
            let request = HTTPRequest(endpoint: .tcp(host: "localhost", port: port, tls: tls), target: "/")
            return try await CurlHTTPClient.shared.send(request).body.text()
        }
        let full = TLSSettings(
            authorityFile: folder.path + "/ca.pem", certificateFile: folder.path + "/client.pem", keyFile: folder.path + "/client-key.pem")
        #expect(try await get(full) == "client")

        var insecure = full
        insecure.authorityFile = nil
        let unknownAuthority = await #expect(throws: TransportError.self) { try await get(insecure) }
        #expect(unknownAuthority?.kind == .tls)
        insecure.verifiesPeer = false
        #expect(try await get(insecure) == "client")

        var anonymous = full
        anonymous.certificateFile = nil
        anonymous.keyFile = nil
        let refused = await #expect(throws: TransportError.self) { try await get(anonymous, port: ports[0]) }
        #expect(refused?.kind == .tls)
        // TLS 1.3 refuses after the handshake: our request may meet the closed connection before we read the reason.
        let refusedLater = await #expect(throws: TransportError.self) { try await get(anonymous) }
        #expect([.tls, .reset].contains(refusedLater?.kind))

        var missing = full
        missing.authorityFile = folder.path + "/none.pem"
        let unreadable = await #expect(throws: TransportError.self) { try await get(missing) }
        #expect(unreadable?.kind == .tls)
    }
}
