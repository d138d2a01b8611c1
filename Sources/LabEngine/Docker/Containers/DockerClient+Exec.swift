package import HTTPTransport

extension DockerClient {
    /// Prepares a program in a running container and returns its ID. 404 means no such container; 409 means that it is not running.
    package func createExec(_ container: String, _ config: ExecConfig) async throws -> String {
        var call = containerCall(container, "POST", "/exec", verb: "exec")
        call.operation = .exec(container: container)
        call.body = try Self.json(config.wire)
        let created: Created = try await value(call)
        return created.id
    }

    /// Starts the program and returns its output.
    package func startExec(_ id: String, hasTerminal: Bool = false) async throws -> ContainerOutput {
        ContainerOutput(try await open(try startCall(id, hasTerminal: hasTerminal)).body, isRaw: hasTerminal)
    }

    /// Starts the program with a raw connection to its input and output.
    package func startExecAttached(_ id: String, hasTerminal: Bool = true) async throws -> RawConnection {
        try await upgrade(try startCall(id, hasTerminal: hasTerminal))
    }

    /// The program's state.
    package func inspectExec(_ id: String) async throws -> ExecState {
        try await value(execCall(id, "GET", "/json"))
    }

    /// Sets the size of the program's terminal.
    package func resizeExec(_ id: String, columns: Int, rows: Int) async throws {
        var call = execCall(id, "POST", "/resize")
        call.query = ["h": "\(rows)", "w": "\(columns)"]
        try await perform(call)
    }

    /// Runs a program to its end and returns its output. Throws beyond `limit` bytes.
    package func exec(_ container: String, _ config: ExecConfig, limit: Int = 16 << 20) async throws -> ExecResult {
        let id = try await createExec(container, config)
        let output = try await startExec(id, hasTerminal: config.hasTerminal).collect(limit: limit)
        return ExecResult(exitCode: try await exitCode(ofExec: id), stdout: output.stdout, stderr: output.stderr)
    }

    /// The exit code of a program whose output has ended. The engine may know the code only a moment later.
    package func exitCode(ofExec id: String) async throws -> Int {
        for _ in 0..<100 {
            if let code = try await inspectExec(id).exitCode { return code }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw DockerProtocolError("exec", "the output ended, but there is no exit code after two seconds")
    }

    private struct Created: Decodable {
        var id: String

        private enum CodingKeys: String, CodingKey { case id = "Id" }
    }

    private struct Start: Encodable {
        var detach = false
        var tty: Bool
    }

    private func startCall(_ id: String, hasTerminal: Bool) throws -> DockerCall {
        var call = execCall(id, "POST", "/start")
        call.body = try Self.json(Start(tty: hasTerminal))
        call.deadline = .stream
        call.readPacing = .milliseconds(2)
        return call
    }

    private func execCall(_ id: String, _ method: String, _ end: String) -> DockerCall {
        DockerCall(operation: .exec(container: id), method: method, path: "/exec/\(HTTPQuery.encode(id))\(end)")
    }
}
