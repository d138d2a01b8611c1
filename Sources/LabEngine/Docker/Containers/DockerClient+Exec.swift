import HTTPTransport

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

    /// The program's state.
    package func inspectExec(_ id: String) async throws -> ExecState {
        try await value(execCall(id, "GET", "/json"))
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
        call.readPacing = Self.followPacing
        call.deliveryPacing = Self.followDelivery
        return call
    }

    private func execCall(_ id: String, _ method: String, _ end: String) -> DockerCall {
        DockerCall(operation: .exec(container: id), method: method, path: "/exec/\(HTTPQuery.encode(id))\(end)")
    }
}
