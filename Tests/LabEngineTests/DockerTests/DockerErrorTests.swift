import ContainerEngine
import HTTPTransport
import LabSupport
import Testing

@Suite("Docker: errors for students")
struct DockerErrorTests {
    /// One row: what the engine says, and what a student is told.
    struct Row: Sendable, CustomTestStringConvertible {
        var error: DockerError
        var code: LabError.Code
        var says: String = ""
        var testDescription: String { "\(code.rawValue): \(error.message)" }

        init(_ operation: DockerOperation, _ status: Int?, _ message: String, _ code: LabError.Code, says: String = "") {
            error = DockerError(operation: operation, status: status, message: message)
            self.code = code
            self.says = says
        }
    }

    static let bind =
        "driver failed programming external connectivity on endpoint x (abc): Bind for 127.0.0.1:8080 failed: port is already allocated"
    static let hub = #"Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 10.2.5.5:53: no such host"#

    static let rows = [
        Row(.start("c"), 500, bind, .portTaken, says: "8080"),
        Row(.start("c"), 500, "… listen tcp4 127.0.0.1:8081: bind: address already in use", .portTaken, says: "8081"),
        Row(.start("c"), 500, "… listen tcp6 [::1]:9090: bind: address already in use", .portTaken, says: "9090"),
        Row(.start("c"), 500, #"could not select device driver "" with capabilities: [[gpu]]"#, .gpuNoRuntime),
        Row(.start("c"), 500, "OCI runtime create failed: … nvidia-container-cli: initialization error: nvml error", .gpuRuntimeFailed),
        Row(.start("c"), 400, #"OCI … exec: "pyhton": executable file not found in $PATH: unknown"#, .containerCommandNotFound),
        Row(.start("c"), 404, "No such container: c", .containerNotFound),
        Row(.create(image: "a:b", name: "n"), 404, "No such image: a:b", .imageNotFound, says: "a:b"),
        Row(
            .create(image: "a:b", name: "n"), 409, #"Conflict. The container name "/n" is already in use"#, .containerNameTaken, says: "n"
        ),
        Row(.create(image: "a", name: nil), 400, "invalid mount config: bind source path does not exist: /x", .mountSourceMissing),
        Row(.container("c", verb: "remove"), 409, "You cannot remove a running container", .containerRunning),
        Row(.exec(container: "c"), 409, "Container c is not running", .containerNotRunning),
        Row(.image("a", verb: "remove"), 409, "conflict: unable to remove", .imageInUse),
        Row(.pull("a:b"), 500, hub, .registryUnreachable),
        Row(.pull("a:b"), 404, "manifest for a:b not found: manifest unknown: manifest unknown", .imageNotFound, says: "a:b"),
        Row(.pull("a:b"), 404, "pull access denied for a, repository does not exist or may require 'docker login'", .imageAccessDenied),
        Row(.pull("a:b"), 500, "toomanyrequests: You have reached your pull rate limit", .registryRateLimit),
        Row(.pull("a:b"), 500, "x509: certificate signed by unknown authority", .registryCertificate),
        Row(.pull("a:b"), nil, "write /x: no space left on device", .diskFull),
        Row(.build("t"), 400, "dockerfile parse error line 2: unknown instruction: RUNN", .buildDockerfile),
        Row(.build("t"), 500, "Cannot locate specified Dockerfile: Dockerfile", .buildDockerfileMissing),
        Row(.build("t"), nil, "COPY failed: file not found in build context or excluded by .dockerignore: stat x", .buildCopyMissing),
        Row(.engine("ping"), 400, "client version 1.47 is too old. Minimum supported API version is 1.48", .engineVersion),
        Row(.archive(container: "c", path: "/x"), 404, "Could not find the file /x in container c", .containerPathMissing),
        Row(.start("c"), 404, "network lab not found", .networkNotFound),
        Row(.container("c", verb: "logs"), 500, "something else", .engineRefused, says: "something else"),
        // Words of a registry in another place mean nothing.
        Row(.container("c", verb: "stop"), 500, "i/o timeout", .engineRefused),
    ]

    @Test("Each refusal has its code, its words in both languages and the engine's own words", arguments: rows)
    func table(row: Row) {
        let error = LabError(row.error)
        #expect(error.code == row.code)
        #expect(error.httpStatus == row.error.status)
        #expect(error.cause == row.error.message)
        #expect(error.message.en.contains(row.says) && error.message.zh.contains(row.says))
        #expect(error.message.en != error.message.zh)
        if let hint = error.hint { #expect(hint.en != hint.zh) }
    }

    @Test("A build that fails names its instruction and exit code, and a base image that cannot be had the image")
    func build() {
        var failed = DockerError(operation: .build("t"), message: "returned a non-zero code: 7", exitCode: 7, instruction: "RUN make")
        #expect(LabError(failed).code == .buildFailed)
        #expect(LabError(failed).message.zh.contains("RUN make"))
        #expect(LabError(failed).exitCode == 7)
        failed.exitCode = nil
        failed.message = "manifest for nvidia/cuda:10.1 not found: manifest unknown"
        failed.instruction = "FROM --platform=linux/amd64 nvidia/cuda:10.1 AS base"
        #expect(LabError(failed).code == .imageNotFound)
        #expect(LabError(failed).message.en.contains("nvidia/cuda:10.1"))
    }

    @Test(
        "A connection that fails is told apart by errno and kind",
        arguments: [
            (TransportError(kind: .connect, errno: 2, detail: ""), "engine.missing"),
            (TransportError(kind: .connect, errno: 13, detail: ""), "engine.permission"),
            (TransportError(kind: .connect, errno: 111, detail: ""), "engine.dead"),
            (TransportError(kind: .timeout, detail: ""), "engine.timeout"),
            (TransportError(kind: .reset, errno: 104, detail: ""), "engine.lost"),
            (TransportError(kind: .tls, detail: ""), "engine.tls"),
            (TransportError(kind: .resolve, detail: ""), "engine.unreachable"),
        ])
    func transport(error: TransportError, code: String) {
        #expect(LabError(error, at: .unix(path: "/s")).codeText == code)
    }
}
