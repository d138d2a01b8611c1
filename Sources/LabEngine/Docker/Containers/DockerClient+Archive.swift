import FoundationEssentials
package import HTTPTransport
package import LabSupport

extension DockerClient {
    /// What is at a path in a container, running or not. `DockerError` with status 404 if there is nothing.
    package func stat(_ path: String, in container: String) async throws -> ContainerPath {
        let response = try await open(archiveCall(container, path, "HEAD"))
        for try await _ in response.body {}
        guard let header = response.head.headers["X-Docker-Container-Path-Stat"], let data = Data(base64Encoded: header) else {
            throw DockerProtocolError("stat of \(path)", "the header X-Docker-Container-Path-Stat is missing")
        }
        return try Self.decode(ContainerPath.self, [UInt8](data), place: "stat of \(path)")
    }

    /// Writes an archive's members below an existing directory of the container.
    package func upload(_ tar: HTTPBody, to directory: String, in container: String) async throws {
        var call = archiveCall(container, directory, "PUT")
        // If a directory would replace a file or a file a directory, the engine returns an error.
        call.query.append("noOverwriteDirNonDir", flag: true)
        call.body = tar
        call.contentType = "application/x-tar"
        call.deadline = .none
        try await perform(call)
    }

    /// A path of a container as a tar archive. Its names begin with the path's last part.
    package func archive(_ path: String, in container: String) async throws -> HTTPBodyStream {
        var call = archiveCall(container, path, "GET")
        call.deadline = .work
        return try await open(call).body
    }

    /// Writes a path of a container below a directory of the host. Returns the files that it wrote and those that it skipped.
    package func download(
        _ path: String, from container: String, to directory: PathBelow
    ) async throws -> (files: [String], skipped: [String]) {
        try await TarExtractor.extract(try await archive(path, in: container), to: directory)
    }

    /// A file of a container of at most `limit` bytes.
    package func readFile(_ path: String, in container: String, limit: Int = 16 << 20) async throws -> [UInt8] {
        var parser = TarParser()
        var content: [UInt8] = []
        for try await piece in try await archive(path, in: container) {
            for event in try parser.feed(piece) {
                switch event {
                case .member(let member):
                    guard member.kind == .file else { throw TarError.notAFile(path: path) }
                case .data(let bytes):
                    guard content.count + bytes.count <= limit else {
                        throw TransportError(kind: .bodyTooLarge, detail: "more than \(limit) bytes")
                    }
                    content += bytes
                case .memberEnd: return content
                }
            }
        }
        throw TarError.damaged("\(path): an archive without a member")
    }

    private func archiveCall(_ container: String, _ path: String, _ method: String) -> DockerCall {
        DockerCall(
            operation: .archive(container: container, path: path), method: method,
            path: "/containers/\(HTTPQuery.encode(container))/archive", query: ["path": path])
    }
}
