package import HTTPTransport
import LabSupport

extension PrivateEngine {
    /// An engine that runs already and is not ours. A second one beside it would take its bridge and its packet rules away.
    ///
    /// Returns it where it answers; throws `engine.otherDaemon` where it does not; nil where there is none.
    func otherEngine() async throws -> PrivateEngineStart? {
        let others = ProcessTable.all(root: root).filter { entry in
            entry.program == "dockerd" && entry.isAlive && !entry.options(["--data-root"]).contains(layout.dataRoot)
        }
        for other in others {
            for endpoint in Self.endpoints(of: other) where await answers(endpoint) {
                return .otherEngine(pid: other.pid, endpoint: endpoint)
            }
        }
        guard let other = others.first else { return nil }
        throw LabError(
            "engine.otherDaemon",
            Text(
                en: "Another dockerd runs on this machine (pid \(other.pid)) and does not answer us. "
                    + "A second one would take its network away.",
                zh: "本机已有另一个 dockerd（pid \(other.pid)）在运行，但没有应答。再启动一个会破坏它的网络。"),
            hint: Text(
                en: "If you may use that one, join the group that owns its socket (`sudo usermod -aG docker $USER`, then log in again), "
                    + "or set DOCKER_HOST to its address.",
                zh: "如果可以使用它，请加入其 socket 所属的组（`sudo usermod -aG docker $USER`，然后重新登录），或把 DOCKER_HOST 设为它的地址。"),
            cause: other.arguments.joined(separator: " "))
    }

    /// Where a daemon listens, by its command line; systemd's hands over the standard socket.
    package static func endpoints(of process: ProcessEntry) -> [Endpoint] {
        let named = process.options(["-H", "--host"]).compactMap { address -> Endpoint? in
            if address.hasPrefix("unix://") { return .unix(path: String(address.dropFirst("unix://".count))) }
            return address.hasPrefix("/") ? .unix(path: address) : nil
        }
        return named.isEmpty ? [.unix(path: "/var/run/docker.sock")] : named
    }
}
