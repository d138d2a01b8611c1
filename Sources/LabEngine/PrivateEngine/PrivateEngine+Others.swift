package import HTTPTransport
import LabSupport

extension PrivateEngine {
    /// Finds a running engine that is not ours. A second engine would break the first one's bridge and packet filter rules.
    ///
    /// Returns the other engine if it responds, and nil if there is none. Throws `engine.otherDaemon` if it doesn't respond.
    func otherEngine() async throws -> PrivateEngineStart? {
        let others = ProcessTable.daemons(root: root).filter { !$0.options(["--data-root"]).contains(layout.dataRoot) }
        for other in others {
            for endpoint in Self.endpoints(of: other) where await answers(endpoint) {
                return .otherEngine(pid: other.pid, endpoint: endpoint)
            }
        }
        guard let other = others.first else { return nil }
        throw LabError(
            .engineOtherDaemon,
            Text(
                en: "Another dockerd runs on this machine (pid \(other.pid)) but does not respond. "
                    + "A second one would break its network.",
                zh: "本机已有另一个 dockerd（pid \(other.pid)）在运行，但没有响应。再启动一个会破坏它的网络。"),
            hint: Text(
                en: "If you may use it, join the group that owns its socket (`sudo usermod -aG docker $USER`, then log in again), "
                    + "or set DOCKER_HOST to its address.",
                zh: "如果可以使用它，请加入其套接字所属的组（`sudo usermod -aG docker $USER`，然后重新登录），或把 DOCKER_HOST 设为它的地址。"),
            cause: other.arguments.joined(separator: " "))
    }

    /// The addresses in a daemon's command line. Under systemd, it's the standard socket.
    package static func endpoints(of process: ProcessEntry) -> [Endpoint] {
        let named = process.options(["-H", "--host"]).compactMap { address -> Endpoint? in
            if address.hasPrefix("unix://") { return .unix(path: String(address.dropFirst("unix://".count))) }
            return address.hasPrefix("/") ? .unix(path: address) : nil
        }
        return named.isEmpty ? [.unix(path: "/var/run/docker.sock")] : named
    }
}
