import Glibc
import HTTPTransport
import LabSupport
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
        import http.server, os, ssl, threading, time
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            def do_GET(self):
                name = dict(pair[0] for pair in self.connection.getpeercert()["subject"])["commonName"].encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(name)))
                self.end_headers()
                self.wfile.write(name)
            def do_POST(self):
                if self.path == "/no":
                    self.send_error(409, "Conflict")
                    return
                self.send_response(101)
                self.end_headers()
                self.wfile.write(b"early")
                if self.path == "/late":
                    while not os.path.exists("closed"): time.sleep(0.01)
                    count = 0
                    while piece := self.connection.recv(65536): count += len(piece)
                    open("heard.new", "w").write(str(count))
                    os.rename("heard.new", "heard")
                    self.close_connection = True
                    return
                while True:
                    piece = self.connection.recv(65536)
                    if not piece: break
                    self.connection.sendall(piece)
                self.close_connection = True
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

    /// A server that is gone behind the body, which gets its folder and its two ports.
    private static func with(_ body: (String, [Int]) async throws -> Void) async throws {
        let folder = try TemporaryDirectory()
        #expect(try Shell.run(Self.preparation, in: folder.path) == 0)
        let peer = try Shell.start("exec python3 -c '\(Self.server)'", in: folder.path)
        defer { peer.stop() }
        var ports: [Int] = []
        try await eventually {
            ports = ((try? folder.read("ports")) ?? "").split(separator: " ").compactMap { Int($0) }
            return ports.count == 2
        }
        try await body(folder.path, ports)
    }

    @Test(
        "A connection over TLS becomes a raw one: early bytes, floods both ways, an end of our own, a refusal, a certificate that is wanted",
        .enabled(if: Shell.has("openssl") && Shell.has("python3"), "needs the openssl and python3 commands"))
    func upgrade() async throws {
        try await Self.with { folder, ports in
            let full = TLSSettings(
                authorityFile: folder + "/ca.pem", certificateFile: folder + "/client.pem", keyFile: folder + "/client-key.pem")
            for port in ports {
                let endpoint = Endpoint.tcp(host: "localhost", port: port, tls: full)
                let connection = try await CurlHTTPClient.shared.upgrade(HTTPRequest(method: "POST", endpoint: endpoint, target: "/"))
                let sent = Self.flood(connection.descriptor, 3 << 20) { connection.finishWriting() }
                let back = connection.early + TransportUpgradeTests.drain(connection.descriptor)
                await sent.value
                #expect(back.count == 5 + 3 << 20)
                #expect(back.prefix(5).elementsEqual("early".utf8))
                #expect(back.dropFirst(5).enumerated().allSatisfy { $1 == UInt8(truncatingIfNeeded: $0 / 7) })
                let refusal = await #expect(throws: HTTPStatusError.self) {
                    try await CurlHTTPClient.shared.upgrade(HTTPRequest(method: "POST", endpoint: endpoint, target: "/no"))
                }
                #expect(refusal?.status == 409)
            }
            for (authority, port) in [(folder + "/ca.pem", ports[0]), (nil, ports[1])] {
                let tls = TLSSettings(authorityFile: authority, certificateFile: nil, keyFile: nil)
                let request = HTTPRequest(method: "POST", endpoint: .tcp(host: "localhost", port: port, tls: tls), target: "/")
                let error = await #expect(throws: TransportError.self) { try await CurlHTTPClient.shared.upgrade(request) }
                #expect(error?.kind == .tls)
            }
        }
    }

    @Test(
        "What was written before the near end closed arrives, also at a server that is slow to read",
        .enabled(if: Shell.has("openssl") && Shell.has("python3"), "needs the openssl and python3 commands"))
    func lastWords() async throws {
        try await Self.with { folder, ports in
            let tls = TLSSettings(
                authorityFile: folder + "/ca.pem", certificateFile: folder + "/client.pem", keyFile: folder + "/client-key.pem")
            for port in ports {
                let endpoint = Endpoint.tcp(host: "localhost", port: port, tls: tls)
                let request = HTTPRequest(method: "POST", endpoint: endpoint, target: "/late")
                var connection: RawConnection? = try await CurlHTTPClient.shared.upgrade(request)
                let written = Self.fill(try #require(connection).descriptor)
                connection = nil
                try Files.write([], to: folder + "/closed")
                try await eventually { (try? Files.text(folder + "/heard")) == "\(written)" }
                for name in ["closed", "heard"] { unlink("\(folder)/\(name)") }
            }
        }
    }

    /// Writes until nothing on the way takes any more; how many bytes.
    private static func fill(_ descriptor: Int32) -> Int {
        let piece = [UInt8](repeating: 7, count: 10_000)
        var count = 0
        while true {
            let written = send(descriptor, piece, piece.count, Int32(MSG_NOSIGNAL))
            if written > 0 {
                count += written
                continue
            }
            var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard poll(&wait, 1, 200) > 0 else { return count }
        }
    }

    /// Writes that many bytes, while somebody else reads, and then says so.
    private static func flood(_ descriptor: Int32, _ count: Int, _ end: @escaping @Sendable () -> Void) -> Task<Void, Never> {
        Task.detached {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
            var done = 0
            while done < count {
                let written = bytes[done...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                if written > 0 {
                    done += written
                } else {
                    guard errno == EAGAIN else { return }
                    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&wait, 1, 20_000)
                }
            }
            end()
        }
    }

    @Test(
        "A client certificate is shown, the server's is checked, and each failure is a TLS error",
        .enabled(if: Shell.has("openssl") && Shell.has("python3"), "needs the openssl and python3 commands"))
    func mutual() async throws {
        try await Self.with(Self.mutual)
    }

    private static func mutual(_ folder: String, _ ports: [Int]) async throws {
        func get(_ tls: TLSSettings, port: Int = ports[1]) async throws -> String {
            let request = HTTPRequest(endpoint: .tcp(host: "localhost", port: port, tls: tls), target: "/")
            return try await CurlHTTPClient.shared.send(request).body.text()
        }
        let full = TLSSettings(
            authorityFile: folder + "/ca.pem", certificateFile: folder + "/client.pem", keyFile: folder + "/client-key.pem")
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
        missing.authorityFile = folder + "/none.pem"
        let unreadable = await #expect(throws: TransportError.self) { try await get(missing) }
        #expect(unreadable?.kind == .tls)
    }
}
