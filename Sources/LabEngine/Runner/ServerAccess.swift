import ContainerEngine
package import InferenceServer
package import LabFile
import LabSupport

/// The way to a lab's TorchServe: its addresses on this machine, and its keys, which lie inside its container.
package struct ServerAccess: Sendable {
    let run: RunContext

    package init(_ run: RunContext) { self.run = run }

    package func server(_ name: String) throws -> LabServer {
        if let server = run.spec.server(name) { return server }
        throw LabError("lab.server", Text(en: "The lab has no server \(name).", zh: "实验中没有服务器 \(name)。"))
    }

    /// A client with the keys that the server wants now; without keys where it has none.
    package func client(_ name: String) async throws -> TorchServeClient {
        let server = try server(name)
        let addresses = TorchServeAddresses(
            inferencePort: Int(server.inferencePort) ?? 0, managementPort: Int(server.managementPort) ?? 0,
            metricsPort: Int(server.metricsPort) ?? 0)
        return TorchServeClient(http: run.http, addresses: addresses, keys: try await keys(of: server))
    }

    /// The token for an address of a server; nil where the server asks for none.
    package func token(server name: String, url: String) async throws -> String? {
        let server = try server(name)
        guard let keys = try await keys(of: server) else { return nil }
        return (url.contains(":\(server.managementPort)/") ? keys.management : keys.inference)?.value
    }

    /// Read anew each time: TorchServe writes new keys at every start.
    private func keys(of server: LabServer) async throws -> TorchServeKeys? { try await Self.keys(of: server, try await run.docker) }

    /// The keys that a server wants now; nil where it asks for none.
    static func keys(of server: LabServer, _ docker: DockerClient) async throws -> TorchServeKeys? {
        do {
            return try TorchServeKeys(json: try await docker.readFile(server.keyFile, in: server.container))
        } catch let error as DockerError where error.status == 404 {
            return nil
        }
    }
}

extension TaskContext {
    /// The way to the lab's servers.
    var access: ServerAccess { ServerAccess(run) }
}
