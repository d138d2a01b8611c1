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

    /// Answers `/`; writes its port to a file once it listens.
    private static let server = """
        import http.server, os, ssl, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_GET(self):
                name = dict(pair[0] for pair in self.connection.getpeercert()["subject"])["commonName"].encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(name)))
                self.end_headers()
                self.wfile.write(name)
            def log_message(self, *arguments): pass
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain("server.pem", "server-key.pem")
        context.load_verify_locations("ca.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        listener.socket = context.wrap_socket(listener.socket, server_side=True, do_handshake_on_connect=False)
        open("port.new", "w").write(str(listener.server_address[1]))
        os.rename("port.new", "port")
        listener.serve_forever()
        """

    @Test(
        "A client certificate is shown, the server's is checked, and each failure is a TLS error",
        .enabled(if: Shell.has("openssl") && Shell.has("python3"), "needs the openssl and python3 commands"))
    func mutual() async throws {
        let folder = try TemporaryFolder()
        #expect(try Shell.run(Self.preparation, in: folder.path) == 0)
        let peer = try Shell.start("exec python3 -c '\(Self.server)'", in: folder.path)
        defer { peer.stop() }
        var port = 0
        try await eventually {
            port = (try? folder.read("port")).flatMap { Int($0) } ?? 0
            return port != 0
        }
        func get(_ tls: TLSSettings, host: String = "localhost") async throws -> String {
            let request = HTTPRequest(endpoint: .tcp(host: host, port: port, tls: tls), target: "/")
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
        let refused = await #expect(throws: TransportError.self) { try await get(anonymous) }
        #expect(refused?.kind == .tls)

        var missing = full
        missing.authorityFile = folder.path + "/none.pem"
        let unreadable = await #expect(throws: TransportError.self) { try await get(missing) }
        #expect(unreadable?.kind == .tls)
    }
}
