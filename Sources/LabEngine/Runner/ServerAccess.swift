import ContainerEngine
import HTTPTransport
package import InferenceServer
package import LabFile
import LabSupport

/// Access to a lab's TorchServe: its addresses on this machine, and its keys, which are in its container.
package struct ServerAccess: Sendable {
    let run: RunContext

    package init(_ run: RunContext) { self.run = run }

    package func server(_ name: String) throws -> LabServer {
        if let server = run.spec.server(name) { return server }
        throw LabError(.labServer, Text(en: "The lab has no server \(name).", zh: "实验中没有服务器 \(name)。"))
    }

    /// A client with the keys that the server requires now. It has no keys if the server requires none.
    package func client(_ name: String) async throws -> TorchServeClient {
        let server = try server(name)
        return TorchServeClient(http: run.http, addresses: server.addresses, keys: try await keys(of: server))
    }

    /// The token for an address of a server. Nil if the server requires none.
    package func token(server name: String, url: String) async throws -> String? {
        let server = try server(name)
        guard let keys = try await keys(of: server) else { return nil }
        return (Self.port(of: url) == Int(server.managementPort) ? keys.management : keys.inference)?.value
    }

    private static func port(of url: String) -> Int? {
        if case .tcp(_, let port, _)? = try? HTTPRequest(url: url).endpoint { port } else { nil }
    }

    /// They are read each time, because TorchServe writes new keys at each start.
    private func keys(of server: LabServer) async throws -> TorchServeKeys? { try await Self.keys(of: server, try await run.docker) }

    /// The keys that a server requires now. Nil if it requires none.
    static func keys(of server: LabServer, _ docker: DockerClient) async throws -> TorchServeKeys? {
        do {
            return try TorchServeKeys(json: try await docker.readFile(server.keyFile, in: server.container))
        } catch let error as DockerError where error.status == 404 {
            return nil
        }
    }
}

extension LabServer {
    /// Where it listens on this machine. The settings of a lab are numbers by then; a port 0 answers nobody.
    package var addresses: TorchServeAddresses {
        TorchServeAddresses(
            inferencePort: Int(inferencePort) ?? 0, managementPort: Int(managementPort) ?? 0, metricsPort: Int(metricsPort) ?? 0)
    }
}

extension TaskContext {
    /// Access to the lab's servers.
    var access: ServerAccess { ServerAccess(run) }
}
